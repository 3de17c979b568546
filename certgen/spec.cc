#include "certgen/spec.h"

namespace badmx::certgen {

CertificateSpec lab_root() {
  return CertificateSpec{.name = "root", .entity = "root", .issued_by = "root"};
}

PkiSpec healthy_pki() {
  PkiSpec pki;
  pki.certificates = {
      CertificateSpec{.name = "leaf", .entity = "leaf", .issued_by = "intermediate"},
      CertificateSpec{.name = "intermediate", .entity = "intermediate", .issued_by = "root"},
      lab_root(),
  };
  return pki;
}

}  // namespace badmx::certgen
