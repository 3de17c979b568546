// What a file or the standard input holds, told from its content.
#pragma once

#include <string_view>

namespace badmx::checker {

enum class InputKind {
  transcript,    // of s_client: read_transcripts()
  certificates,  // PEM, DER or PKCS#7: read_pem()
  observation,   // saved as JSON: read_observation()
  hosts,         // a list: read_host_list() of checker/host_port.h
  unknown,
};

InputKind recognise(std::string_view content);
std::string_view name(InputKind kind);  // "an s_client transcript"

}  // namespace badmx::checker
