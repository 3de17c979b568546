# Writes OUTPUT, a C++ file that holds the text of every FILES below SOURCE. Run by the build
# whenever one of them changes (cmake -DSOURCE=… -DOUTPUT=… "-DFILES=a.toml;b.toml" -P …).
set(entries "")
foreach(file IN LISTS FILES)
  file(READ "${SOURCE}/${file}" text)
  string(APPEND entries "    {\"${file}\", R\"badmx(${text})badmx\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from scenarios/ by scripts/embed_scenarios.cmake.
#include \"fixtures/scenario/embedded.h\"

#include <array>

namespace badmx::fixtures {
namespace {

constexpr auto files = std::to_array<EmbeddedFile>({
${entries}});

}  // namespace

std::span<const EmbeddedFile> embedded_scenarios() { return files; }

}  // namespace badmx::fixtures
")
