#pragma once
// The release, from the build.

#include <string_view>

namespace cc::app {

inline constexpr std::string_view kProgramVersion = CC_VERSION;

}  // namespace cc::app
