#include "gateway_sim/story/narrator.h"

namespace cc::sim {

Story Narrator::run_advanced(const Scene& scene, std::string_view delta) const {
  return told(parts_.assistant(scene, delta), parts_.chat_delta(scene, delta));
}

Story Narrator::session_changed(const Session& session, std::string_view reason, bool model_changed,
                                TimeMs now) const {
  return told(parts_.reason(session, reason, model_changed, now));
}

std::unique_ptr<Narrator> make_narrator(Protocol protocol, NarratorOptions options) {
  return protocol == Protocol::kV3 ? make_narrator_v3(options) : make_narrator_v4(options);
}

}  // namespace cc::sim
