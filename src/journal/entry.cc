#include "journal/entry.h"

namespace cc::journal {

void append_entry_json(std::string& out, const Entry& entry, std::string_view epoch) {
  append_entry_head(out, entry.seq, epoch);
  out.append(entry.body, 1);
}

void append_entry_head(std::string& out, Seq seq, std::string_view epoch) {
  out += "{\"seq\":";
  out += std::to_string(seq);
  out.append(",\"epoch\":\"").append(epoch).append("\",");
}

}  // namespace cc::journal
