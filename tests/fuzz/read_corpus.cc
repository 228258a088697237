// `main` of a fuzz target in builds without libFuzzer: hands it each file of the folders that are
// named. What a fuzzer once found stays in the corpus, so it is tried again with every test.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "fuzzing.h"

int main(int count, char** arguments) {
  std::size_t read = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& file : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++read;
    }
  }
  std::cout << read << " files read\n";
  return read > 0 ? 0 : 1;
}
