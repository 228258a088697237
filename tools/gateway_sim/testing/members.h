#pragma once
// Looks into the JSON that the simulator writes.

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "gateway_sim/story/event.h"

namespace cc::sim {

using Names = std::vector<std::string>;

inline Names names_of(const boost::json::object& object) {
  Names names;
  for (const auto& member : object) names.emplace_back(member.key());
  return names;
}

inline boost::json::object parsed(const std::string& text) {
  return boost::json::parse(text).as_object();
}

inline boost::json::object payload(const Event& event) {
  return parsed(*event.body + '}').at("payload").as_object();
}

}  // namespace cc::sim
