#pragma once
// One command for the whole fleet: a row for each gateway, and one answer for all of them.

#include <string>
#include <vector>

#include "api/answer.h"

namespace cc::api {

/// What is told to one gateway; `answer` is a response or one that comes later.
struct ToOne {
  std::string gateway;
  Answer answer;
};

/// `{"items":[rows],"refused":[{"gateway","status","detail"}]}`: 200 once all have ended or were
/// known, 202 before; 409 where no gateway takes it.
[[nodiscard]] Later to_all(std::vector<ToOne> each);

}  // namespace cc::api
