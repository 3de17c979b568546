// Certificates for tests of what reads pasted text: a leaf (mx.example.test, with an EC key), its
// intermediate and its root, in force from 2026-11-24 23:39:10 UTC for 90 days, 1000 days and ten
// years, as PEM.
#pragma once

namespace badmx::checker::examples {

inline constexpr const char* leaf_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB1DCCAXugAwIBAgIUBQIP9TT+VjVCO+SgN3mNhepD/GowCgYIKoZIzj0EAwIw\n"
    "OzELMAkGA1UEBhMCR0IxETAPBgNVBAoMCExhYiwgSW5jMRkwFwYDVQQDDBBMYWIg\n"
    "SW50ZXJtZWRpYXRlMB4XDTI2MTEyNDIzMzkxMFoXDTI3MDIyMjIzMzkxMFowGjEY\n"
    "MBYGA1UEAwwPbXguZXhhbXBsZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD\n"
    "QgAE0EUX74EvGSSRVpEKVjKCF4sfUOsTju5QeMpzRssGReE1cUPrDm7TUJ1HURdQ\n"
    "B89wrmPOLyR5sQ8ZksqXaNZmNKN+MHwwCQYDVR0TBAIwADAaBgNVHREEEzARgg9t\n"
    "eC5leGFtcGxlLnRlc3QwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFHEh\n"
    "vWMMoJMkjQ6Z+h+hl0QZrZphMB8GA1UdIwQYMBaAFJ5/O6H5+XcKWdxvGpNtVe+H\n"
    "abpUMAoGCCqGSM49BAMCA0cAMEQCIHZChJu1itVRwOu1VrThQatVt4gy/QX4iKHQ\n"
    "jo+EWqwKAiA/Hfk7yQA+zdiM8X+vi9e1msJHClr5PF2V/aBU7oFIvg==\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* intermediate_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBwDCCAWegAwIBAgIUXi3baebposBiEBrGe07kIcqoeZEwCgYIKoZIzj0EAwIw\n"
    "ITEMMAoGA1UECgwDTGFiMREwDwYDVQQDDAhMYWIgUm9vdDAeFw0yNjExMjQyMzM5\n"
    "MTBaFw0yOTA4MjAyMzM5MTBaMDsxCzAJBgNVBAYTAkdCMREwDwYDVQQKDAhMYWIs\n"
    "IEluYzEZMBcGA1UEAwwQTGFiIEludGVybWVkaWF0ZTBZMBMGByqGSM49AgEGCCqG\n"
    "SM49AwEHA0IABE29GOTh9dcMHOAysp2duII6wRT8C9e46PGV458Gj1cGg1f6kVg3\n"
    "M4GCHaeOFnn6MrwRVkLOvhssCxLt2sXl2vKjYzBhMA8GA1UdEwEB/wQFMAMBAf8w\n"
    "DgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSefzuh+fl3ClncbxqTbVXvh2m6VDAf\n"
    "BgNVHSMEGDAWgBRBUr3rk7RXrsCcZi9TIdhKiwgmBjAKBggqhkjOPQQDAgNHADBE\n"
    "AiAJM9gImDGTskZ7Ckc1m8jfg1ArqNFOxe595xk+8Z0JTQIgV1hOc6TiP/y7/L1d\n"
    "T2Lsaxfxan9YmLKaZcT++4KAAD8=\n"
    "-----END CERTIFICATE-----\n";

inline constexpr const char* root_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBlzCCAT2gAwIBAgIUOFj7BocPnE+WGvd7LZWANOijVTkwCgYIKoZIzj0EAwIw\n"
    "ITEMMAoGA1UECgwDTGFiMREwDwYDVQQDDAhMYWIgUm9vdDAeFw0yNjExMjQyMzM5\n"
    "MTBaFw0zNjExMjEyMzM5MTBaMCExDDAKBgNVBAoMA0xhYjERMA8GA1UEAwwITGFi\n"
    "IFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQHoovC2kEKsu4vJsVRH55r\n"
    "hMZP/dCxf29cxdyr2WwSVukJS0BgHa7ZTDdunUmz4RWA0DFp1GJTdpta9zmWTNl0\n"
    "o1MwUTAdBgNVHQ4EFgQUQVK965O0V67AnGYvUyHYSosIJgYwHwYDVR0jBBgwFoAU\n"
    "QVK965O0V67AnGYvUyHYSosIJgYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD\n"
    "AgNIADBFAiEAvNl19VC7SvNnFTiVwJcd8GYmP552YOZPywALWrPc/X0CIBeHE4T8\n"
    "kDMB7gBswDBHVDyXTkxmsP2Lojwv8ET7/Zck\n"
    "-----END CERTIFICATE-----\n";

}  // namespace badmx::checker::examples
