// Two long-lived self-signed identities, for nothing but these tests: the server's library knows no
// certificate generator.
#pragma once

#include "tls/identity.h"
#include "tls/pem.h"

#include <stdexcept>
#include <string_view>

namespace badmx::server::testing {

inline constexpr std::string_view ec_pem = R"(-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUcFJW0cK3ua9CIx7wM54QibEuB1IwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPZWMuZXhhbXBsZS50ZXN0MCAXDTI2MTEyNDIzNTMxMloYDzIx
MjYxMDMxMjM1MzEyWjAaMRgwFgYDVQQDDA9lYy5leGFtcGxlLnRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATHsP7TGJKpJcnLFR/UwuNEhp8XwWhrQ/lKPSDL
g/wgMWKMWHZwHpBleGfa+9Bb9V0IEP6TDU4w3cY4xiDiltXuo1MwUTAdBgNVHQ4E
FgQU5eVriRV3wTZp5U492fFG2zokkOowHwYDVR0jBBgwFoAU5eVriRV3wTZp5U49
2fFG2zokkOowDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAP08qp
byqV6sVkDY5vy0DKSpJV7fDazeTwnZeKieCjWAIhALh9XqHOhtRuaNe7+bOUf5DG
TKLlfMYL39+IZdSf8Cka
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/+W4fM1eYs7bEqlg
mTNkd8Z9MnQhTgeKxsBVzHFtuxKhRANCAATHsP7TGJKpJcnLFR/UwuNEhp8XwWhr
Q/lKPSDLg/wgMWKMWHZwHpBleGfa+9Bb9V0IEP6TDU4w3cY4xiDiltXu
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view rsa_pem = R"(-----BEGIN CERTIFICATE-----
MIIDGTCCAgGgAwIBAgIUc37Ou/zqT0FLy3eJaORybe2bP6EwDQYJKoZIhvcNAQEL
BQAwGzEZMBcGA1UEAwwQcnNhLmV4YW1wbGUudGVzdDAgFw0yNjExMjQyMzUzMTJa
GA8yMTI2MTAzMTIzNTMxMlowGzEZMBcGA1UEAwwQcnNhLmV4YW1wbGUudGVzdDCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMaQMadtcyigDR4cI6Mr/fIv
6ATnYA4xBb48tWYP0WJEShsHr+OEHfzAks6RNsfE8BZXDcQDmgd1xetgUKysD6ZR
WrylajSPzZz/BIRU4jBTRlROX0RFcQj4CUBZZW+sJMsAdjPNAMfMrFOzfaNGNsY6
7pv+4jnVMp2ooQF9Og1+kZbd0U+VqULPuqUjEs4GxUBXh5S/rpBMYwRdPDrRe6C4
O6AC0N+WOgq26rYk75hDV11rcbL7Tf3/SHwdTQIFlZrt68zb/ajof5rYHsKlcFnU
+OLtZ6xHuKeNNGzYUWeIWkfT+icDrPW4n1BdAbeV4C+/XtIhMvAMmukIF8OiaoUC
AwEAAaNTMFEwHQYDVR0OBBYEFG9KzrK19GyZADJccZUx7nOjUWfsMB8GA1UdIwQY
MBaAFG9KzrK19GyZADJccZUx7nOjUWfsMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
hvcNAQELBQADggEBAHheRmSvLW+IH8jihprapmUy8YQDEWaJIRvIyuJobsrvpxnd
+YSKA4knd5DTF2xCIZuUrNhFypsptta8fXhbDntiy8G1Vz1WaF2mKgQWYLMy6Q6e
IZDLJ1/RGuMZ/i3eWbClHvk0r2VZVES5AjWKqzxTvJWuj8/42f1w0hV1o23JJHnT
LjPMT6rPuZb8x8kxccdBldylOviQ9N3KkX9SHoRkWgYTX0ZB88iP81Nw83ZNlccK
jTRg8KOG7GReTi//PMkj9PefbLRKh/GLmChRYBE2jIfyCcuDFiFKe3tfTBlcWbBR
568pyW9Jig+PekKe3VO6cvIhiWDvaqqcucMtS70=
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDGkDGnbXMooA0e
HCOjK/3yL+gE52AOMQW+PLVmD9FiREobB6/jhB38wJLOkTbHxPAWVw3EA5oHdcXr
YFCsrA+mUVq8pWo0j82c/wSEVOIwU0ZUTl9ERXEI+AlAWWVvrCTLAHYzzQDHzKxT
s32jRjbGOu6b/uI51TKdqKEBfToNfpGW3dFPlalCz7qlIxLOBsVAV4eUv66QTGME
XTw60XuguDugAtDfljoKtuq2JO+YQ1dda3Gy+039/0h8HU0CBZWa7evM2/2o6H+a
2B7CpXBZ1Pji7WesR7injTRs2FFniFpH0/onA6z1uJ9QXQG3leAvv17SITLwDJrp
CBfDomqFAgMBAAECggEAGTEip5oOhf02ZNdPmyxh6efzkSm0yWAlWSM1JYeEummt
GDxTr7Mrpc1d4tjQISzGhCMT00ZctK0XyPrdiWbEDoccUrpO3O/Qt6YwMcTeNKDg
F6Kg2hXQV0G21MPyx2YI/ftnQ7+y5WZ9h5oKatxl5yUDcGW4WHuI0jFaigiUBLGM
iNm0vmHyuC00U/gmSa5oWh5XH88y7hlDBoHdZTjK3NdJZjRw51GYHh9w34ArCNJq
JNJ4G18pTkpRrfDZsEV34oakKDZbGd+coeixH/I55yLQ3k4mZize1GCyNZGgjv1p
YzzY9wzGt5UdobxtsQ8URf/kcz+viV5jzzOWOZxeSQKBgQD1GbrUSbwiAelguKmY
Qzx4aq5yI1HiyKzrwCjYHxcUQfV5I/tLZbsa8UhpBTjy7ovkEOk11/ycZrvtGddO
Vuura65dLl6lZgcit7RxY3rWYLxfr8/J7FO/rK0LmeSiGp0hHxTkTgjSkA5gt71F
dCeG6rkjy8jFC1e7YvEKsbD3/QKBgQDPZKzlRESP3OCjy7dRRnDrbRqd/m5Vy9HV
Ejj/OApMOdFG4EBamjzscgBKgRUqbEOWBWwDp9i/uW9HJdGn5vUOUqt5MdgAAZYf
dJ8F9EPcSdE1BHCEHa5IRL6Y3watbSu+o4g0vU0Yx4BJ0r5PjoYhYsLV8u/K/Smm
J20B7xRvKQKBgDNlrN79g10iR31H3BCY8OJThLdcnrxO1qwtRKNliaJu3noDyJub
/qt8s3GKbdHLojw2K6Fl5Iwrovbqd1LvOUZeM1dI9QH8Ljzihw1MDiNMb9Qk+w7d
5wYHwNXw9JflutOKQAhMMN9u5AT2ItOgsvVA3YgbIMPpSAF8kw1qC7FFAoGAe4r9
c5W3QfvR1cEE8uWDXrsfn/5wu6su1D6GtYIsoDvQ7uenblFy+WbvxXIfqaXUnQmd
zo+uDofoQfnFar+qO14Dx65pfZd0VkiicmmQAyn19h8u54TGzUYmQ+qXj7f41xeT
i9c4lgpB4bgopjvAqyKp7clKDyHALbpOtVg2VAECgYEAjPWJyHqbR2o3947ZWJGs
7IzPVqwSMA/zFkF1xwu5UzDoV5hynMU71zHDLm7TKyh3cJrSpXyepBTLCjJATBj2
Z6uDa5l7jeNsk0Wn/2a2xbfC+LBAyiXa07YLWW9pJiO4xh+ShQTp14QCEnYk1Sqg
j4VL20/L5KRqT1lw/mzBF9c=
-----END PRIVATE KEY-----
)";

inline tls::Identity identity_from(std::string_view pem) {
  const std::vector<tls::PemBlock> blocks = tls::read_pem_blocks(pem);
  if (blocks.size() != 2) throw std::logic_error("a test identity is a certificate and a key");
  tls::Identity identity;
  identity.chain = {blocks.at(0).der};
  identity.key = blocks.at(1).der;
  return identity;
}

inline tls::Identity ec_identity() { return identity_from(ec_pem); }
inline tls::Identity rsa_identity() { return identity_from(rsa_pem); }

}  // namespace badmx::server::testing
