// The fake server's reader of commands and of the addresses in them.
#include "net/smtp/command.h"

#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const smtp::Command command = smtp::parse_command(line);
  fuzz::claim(command.point != smtp::Point::connect && command.point != smtp::Point::handshake &&
                  command.point != smtp::Point::message,
              "a line is never a point that no command reaches");
  fuzz::claim(command.verb.size() <= 32, "a verb is bounded");
  fuzz::claim(command.argument.size() <= size, "an argument is a part of the line");
  for (const std::string_view keyword : {"FROM:", "TO:"}) {
    const auto address = smtp::path(command.argument, keyword);
    fuzz::claim(!address || address->size() <= size, "an address is a part of the line");
  }
  return 0;
}
