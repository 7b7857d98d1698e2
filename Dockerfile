# The image of a Space, or of a lab behind a proxy: docker build -t digit-lab . && docker run -p 7860:7860 digit-lab
FROM python:3.11-slim

# Readings and trainings use one thread each.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 PIP_NO_CACHE_DIR=1

# Spaces run images as user 1000.
RUN useradd --create-home --uid 1000 lab
WORKDIR /home/lab/digit-lab

# The CPU builds satisfy the pins, and lack 5 GB of CUDA libraries.
COPY requirements.txt .
RUN pip install --extra-index-url https://download.pytorch.org/whl/cpu \
    torch==2.14.1+cpu torchvision==0.29.1+cpu -r requirements.txt

COPY --chown=lab app.py pyproject.toml LICENSE LICENSE-MNIST ./
COPY --chown=lab checkpoints checkpoints
COPY --chown=lab data data
COPY --chown=lab models models
COPY --chown=lab demo demo

USER lab
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "app.py", "--host", "0.0.0.0", "--port", "7860"]
