# Writes OUTPUT, a C++ source that holds files for embedded.h: FILES_n below the n-th of ROOTS, each named with PREFIX_n
# in front. The assembler puts the bytes in (.incbin), which g++ and clang both do, and which costs nothing however
# large they are.
# Run as: cmake "-DROOTS=…;…" -DFILES_0=a;b -DFILES_1=c -DPREFIX_1=web/ -DOUTPUT=… -P embed.cmake
set(bytes "")
set(symbols "")
set(entries "")
set(number 0)
set(which 0)
foreach(root IN LISTS ROOTS)
  foreach(file IN LISTS FILES_${which})
    set(path "${root}/${file}")
    file(SIZE "${path}" size)
    file(SHA256 "${path}" hash)
    string(SUBSTRING "${hash}" 0 20 tag)
    set(symbol "cc_embedded_${number}")
    string(APPEND bytes "    \".global ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n.incbin \\\"${path}\\\"\\n.byte 0\\n\"\n")
    string(APPEND symbols "extern const char ${symbol}[];\n")
    string(APPEND entries
      "    EmbeddedFile{\"${PREFIX_${which}}${file}\", std::string_view(${symbol}, ${size}), \"${tag}\"},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  math(EXPR which "${which} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Made by embed.cmake.
#include \"api/embedded.h\"

#include <array>

__asm__(
    \".pushsection .rodata\\n\"
${bytes}    \".popsection\\n\");

extern \"C\" {
${symbols}}

namespace cc::api {
namespace {

const std::array kFiles{
${entries}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

std::string_view embedded_file(std::string_view name) {
  for (const EmbeddedFile& file : kFiles) {
    if (file.name == name) return file.bytes;
  }
  return {};
}

}  // namespace cc::api
")
