#include "gateway_sim/call_log.h"

#include <boost/json/serialize.hpp>

#include "gateway_sim/json.h"

namespace cc::sim {

CallLog::CallLog(const std::string& file) {
  if (!file.empty()) out_.open(file, std::ios::app);
}

void CallLog::note(TimeMs at, std::string_view method, const boost::json::object& params,
                   std::string_view payload, std::string_view refusal) {
  if (!out_.is_open()) return;
  out_ << object_with([&](JsonWriter& json) {
    json.field("at", at).field("method", method).key("params").raw(boost::json::serialize(params));
    json.key("payload").raw(payload.empty() ? "null" : payload);
    text_or_null(json, "refusal", refusal);
  }) << std::endl;
}

}  // namespace cc::sim
