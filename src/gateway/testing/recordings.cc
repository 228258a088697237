#include "gateway/testing/recordings.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "source_dir.h"

namespace cc::gateway::protocol {
namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;

fs::path folder() {
  return fs::path(CC_SOURCE_DIR) / "tests/fixtures/gateway";
}

/// The frame's own bytes: it is the last member of the line.
std::string frame_text(std::string_view line) {
  constexpr std::string_view kMember = "\"frame\":";
  const auto at = line.find(kMember);
  if (at == std::string_view::npos) throw std::runtime_error("a line without a frame");
  return std::string(line.substr(at + kMember.size(), line.size() - at - kMember.size() - 1));
}

std::string text_of(const element& object, std::string_view name) {
  std::string_view text;
  return object.at_key(name).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

RecordedLine read_line(simdjson::dom::parser& parser, const std::string& line) {
  const element root = parser.parse(line).value();
  const element frame = root.at_key("frame").value();
  RecordedLine out;
  out.incoming = text_of(root, "dir") == "in";
  out.connection = text_of(root, "conn");
  out.frame = frame_text(line);
  out.is_close = text_of(frame, "type") == "__close";
  if (out.is_close) {
    out.close_code = static_cast<int>(frame.at_key("code").get_int64().value());
    out.close_reason = text_of(frame, "reason");
  }
  return out;
}

}  // namespace

std::vector<std::string> recorded_scenarios() {
  std::vector<std::string> names;
  for (const std::string version : {"early-v4", "v3", "v4"}) {
    for (const auto& entry : fs::directory_iterator(folder() / version)) {
      if (entry.path().extension() == ".jsonl")
        names.push_back(version + "/" + entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<RecordedLine> read_recording(const std::string& scenario) {
  std::ifstream file(folder() / (scenario + ".jsonl"));
  if (!file) throw std::runtime_error("no recording " + scenario);
  simdjson::dom::parser parser;
  std::vector<RecordedLine> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(read_line(parser, line));
  return lines;
}

int protocol_of(std::string_view scenario) {
  return scenario.starts_with("v3/") ? 3 : 4;
}

const Dialect& dialect_of(std::string_view scenario) {
  return dialect_of(protocol_of(scenario), !scenario.starts_with("early"));
}

std::string_view release_of(std::string_view scenario) {
  if (scenario.starts_with("early")) return "2026.6.11";
  return protocol_of(scenario) == 3 ? "2026.4.29" : "2026.9.6";
}

Parsed::Parsed(std::string_view json) : root_(parser_.parse(json.data(), json.size()).value()) {}

}  // namespace cc::gateway::protocol
