#include "journal/encode.h"

#include <string>
#include <utility>

#include "fleet/rows/codec.h"
#include "fleet/rows/words.h"

namespace cc::journal {
namespace {

/// What still follows the last item: closing brackets, and `part` and `parts`.
constexpr std::size_t kRoomForParts = 128;
/// Room for an entry with one session, so that its body need not be reallocated.
constexpr std::size_t kUsualBodyBytes = 1024;

/// Writes the groups of a change set into as many entries as it takes.
class Encoder {
 public:
  Encoder(const fleet::ChangeSet& changes, Seq first, TimeMs at)
      : changes_(changes), at_(at), seq_(first) {
    begin_part();
  }

  template <class Row>
  void group(fleet::Changes<Row>& group) {
    constexpr auto kName = fleet::KindOf<Row>::plural;
    for (const auto& row : group.upsert) {
      add(kName, false, [&](std::string& body) {
        set_version(*row, seq_);
        JsonWriter out(body);
        fleet::encode<Row>(out, fields_of(*row), changes_.gateway_speaks);
      });
      remember(fleet::KindOf<Row>::kind, row->identity(), true);
    }
    for (const auto& id : group.remove) {
      add(kName, true, [&](std::string& body) {
        JsonWriter out(body);
        fleet::encode_identity<Row>(out, changes_.gateway, id);
      });
      remember(fleet::KindOf<Row>::kind, id, false);
    }
  }

  EncodedChanges finish() {
    end_part();
    if (encoded_.entries.size() > 1) number_parts();
    point_rows();
    return std::move(encoded_);
  }

 private:
  /// A row's place in a body; a view must wait until the bodies are final.
  struct Place {
    std::size_t entry = 0;
    std::size_t begin = 0;
    std::size_t length = 0;
  };

  void begin_part() {
    body_.clear();
    body_.reserve(kUsualBodyBytes);
    JsonWriter(body_)
        .begin_object()
        .field("at", at_)
        .field("gateway", changes_.gateway)
        .field("source", text(changes_.source))
        .field("cause", text(changes_.cause));
    open_ = {};
    items_ = 0;
  }

  void end_part() {
    close_group();
    body_ += '}';
    encoded_.entries.push_back({.seq = seq_,
                                .at = at_,
                                .gateway = changes_.gateway,
                                .event = event_kind(changes_.cause, changes_.approvals.journaled()),
                                .body = std::move(body_)});
    ++seq_;
  }

  template <class Write>
  void add(std::string_view name, bool removing, const Write& write) {
    const std::size_t before = body_.size();
    const Open open = open_;
    place(name, removing, write);
    if (body_.size() + kRoomForParts <= kMaxEntryBytes || items_ == 1) return;
    body_.resize(before);
    open_ = open;
    end_part();
    begin_part();
    place(name, removing, write);
  }

  template <class Write>
  void place(std::string_view name, bool removing, const Write& write) {
    enter(name, removing);
    if (!open_.empty) body_ += ',';
    open_.empty = false;
    item_begin_ = body_.size();
    write(body_);
    ++items_;
  }

  void enter(std::string_view name, bool removing) {
    if (open_.group != name) {
      close_group();
      body_.append(",\"").append(name).append("\":{\"upsert\":[");
      open_ = {.group = name, .removing = false, .empty = true};
    }
    if (removing && !open_.removing) {
      body_ += "],\"remove\":[";
      open_.removing = true;
      open_.empty = true;
    }
  }

  void close_group() {
    if (open_.group.empty()) return;
    body_ += open_.removing ? "]}" : "],\"remove\":[]}";
    open_ = {};
  }

  void remember(fleet::Kind kind, std::string_view id, bool present) {
    encoded_.rows.push_back(
        {.kind = kind, .gateway = changes_.gateway, .id = id, .version = seq_, .json = {}});
    places_.push_back({.entry = encoded_.entries.size(),
                       .begin = item_begin_,
                       .length = present ? body_.size() - item_begin_ : 0});
  }

  void number_parts() {
    std::uint64_t part = 0;
    for (auto& entry : encoded_.entries) {
      entry.body.pop_back();
      entry.body += ",\"part\":";
      entry.body += std::to_string(++part);
      entry.body += ",\"parts\":";
      entry.body += std::to_string(encoded_.entries.size());
      entry.body += '}';
    }
  }

  void point_rows() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string_view body = encoded_.entries[places_[i].entry].body;
      encoded_.rows[i].json = body.substr(places_[i].begin, places_[i].length);
    }
  }

  struct Open {
    std::string_view group;
    bool removing = false;
    bool empty = true;  // no item in the open list yet
  };

  const fleet::ChangeSet& changes_;
  const TimeMs at_;
  Seq seq_;
  std::string body_;
  Open open_;
  std::size_t items_ = 0;
  std::size_t item_begin_ = 0;
  std::vector<Place> places_;
  EncodedChanges encoded_;
};

}  // namespace

EncodedChanges encode(fleet::ChangeSet& changes, Seq first, TimeMs at) {
  Encoder encoder(changes, first, at);
  fleet::each_kind([&](auto tag) { encoder.group(changes.of(tag)); });
  return encoder.finish();
}

}  // namespace cc::journal
