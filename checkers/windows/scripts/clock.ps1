# Seconds since 1970 in UTC.
param(
)
@{ now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() }
