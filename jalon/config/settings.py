"""Django's settings. Whatever differs between two deployments comes from `environment`."""

from __future__ import annotations

from pathlib import Path

from jalon.config import environment

ENVIRONMENT = environment.read()
ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ["*"]

# From the top of the staircase to its foot: a folder's templates and messages may override those below it.
CAPABILITIES = (
    "config",
    "demo",
    "dashboards",
    "reports",
    "imports",
    "lifecycle",
    "lists",
    "scores",
    "figures",
    "criteria",
    "records",
    "folders",
    "exports",
    "accounts",
    "web",
    "jobs",
    "charts",
    "mail",
)
INSTALLED_APPS = [
    *(f"jalon.{name}" for name in CAPABILITIES if (ROOT / name / "apps.py").exists()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jalon.web.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jalon.accounts.middleware.AccessMiddleware",
    "jalon.web.middleware.TextMiddleware",
    "jalon.web.middleware.ToastMiddleware",
]

ROOT_URLCONF = "jalon.config.urls"
ASGI_APPLICATION = "jalon.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "jalon.web.context.frame",
                "jalon.accounts.context.settings",
            ],
        },
    },
]

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": False, **environment.database(ENVIRONMENT)}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "jalon.accounts.adapter.Adapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # accounts.safety.limits counts in the database, so that all processes count together
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.url.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

DEFAULT_FROM_EMAIL = environment.mail_sender(ENVIRONMENT)
if ENVIRONMENT.mail_url:
    globals().update(environment.mail(ENVIRONMENT))

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
USE_I18N = True
USE_TZ = True
READ_PATIENCE_MS = ENVIRONMENT.patience_ms
TIME_ZONE = "UTC"  # instants are UTC everywhere; pages show them in the account's zone

LOCALE_PATHS = [path for path in sorted(ROOT.glob("*/locale")) if path.is_dir()]

DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the editor of criteria sends four for each of 250 filters, and one for each value
CSRF_FAILURE_VIEW = "jalon.web.errors.forged"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STATICFILES_FINDERS = ["jalon.web.static_files.OurFiles"]
WHITENOISE_USE_FINDERS = True
STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "jalon.web.static_files.HashedFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}

LOGGING_CONFIG = None  # structlog, set up by config.logs
