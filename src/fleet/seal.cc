// Change sets → journal entries. The one place that encodes for the journal, the state tables and
// the stream.

#include <array>
#include <charconv>

#include "fleet/codec.h"

namespace cc::fleet {
namespace {

/// What still follows the last item: closing brackets, and `part` and `parts`.
constexpr std::size_t kRoomForParts = 128;
/// Room for an entry that tells of one session, so that its body does not grow by halves.
constexpr std::size_t kUsualBodyBytes = 1024;

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Writes the groups of a change set into as many entries as it takes.
class Sealer {
 public:
  Sealer(const ChangeSet& changes, Seq first, TimeMs at) : changes_(changes), at_(at), seq_(first) {
    begin_part();
  }

  template <class Row>
  void group(std::string_view name, Table table, Changes<Row>& group) {
    for (const auto& row : group.upsert) {
      add(name, false, [&](std::string& body) {
        set_version(*row, seq_);
        write_row(body, fields_of(*row));
      });
      remember(table, row->identity(), true);
    }
    for (const auto& id : group.remove) {
      add(name, true, [&](std::string& body) { write_identity(body, table, id); });
      remember(table, id, false);
    }
  }

  Sealed finish() {
    end_part();
    if (sealed_.entries.size() > 1) number_parts();
    point_rows();
    return std::move(sealed_);
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
    sealed_.entries.push_back({.seq = seq_,
                               .at = at_,
                               .gateway = changes_.gateway,
                               .event = event_kind(changes_.cause),
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

  void write_row(std::string& body, const Agent& row) {
    JsonWriter out(body);
    encode(out, row, changes_.gateway_speaks);
  }
  template <class Row>
  void write_row(std::string& body, const Row& row) {
    JsonWriter out(body);
    encode(out, row);
  }

  void write_identity(std::string& body, Table table, std::string_view id) const {
    JsonWriter out(body);
    out.begin_object();
    if (table == Table::kGateways) {
      out.field("name", id);
    } else {
      out.field("gateway", changes_.gateway);
      out.field(table == Table::kSessions ? "key" : "id", id);
    }
    out.end_object();
  }

  void remember(Table table, std::string_view id, bool present) {
    sealed_.rows.push_back(
        {.table = table, .gateway = changes_.gateway, .id = id, .version = seq_, .json = {}});
    places_.push_back({.entry = sealed_.entries.size(),
                       .begin = item_begin_,
                       .length = present ? body_.size() - item_begin_ : 0});
  }

  void number_parts() {
    std::uint64_t part = 0;
    for (auto& entry : sealed_.entries) {
      entry.body.pop_back();
      entry.body += ",\"part\":";
      append_number(entry.body, ++part);
      entry.body += ",\"parts\":";
      append_number(entry.body, sealed_.entries.size());
      entry.body += '}';
    }
  }

  void point_rows() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string_view body = sealed_.entries[places_[i].entry].body;
      sealed_.rows[i].json = body.substr(places_[i].begin, places_[i].length);
    }
  }

  struct Open {
    std::string_view group;
    bool removing = false;
    bool empty = true;  // no item in the open list yet
  };

  const ChangeSet& changes_;
  const TimeMs at_;
  Seq seq_;
  std::string body_;
  Open open_;
  std::size_t items_ = 0;
  std::size_t item_begin_ = 0;
  std::vector<Place> places_;
  Sealed sealed_;
};

}  // namespace

Sealed seal(ChangeSet& changes, Seq first, TimeMs at) {
  Sealer sealer(changes, first, at);
  sealer.group("gateways", Table::kGateways, changes.gateways);
  sealer.group("agents", Table::kAgents, changes.agents);
  sealer.group("sessions", Table::kSessions, changes.sessions);
  sealer.group("presence", Table::kPresence, changes.presence);
  return sealer.finish();
}

void append_entry_json(std::string& out, const JournalEntry& entry, std::string_view epoch) {
  append_entry_head(out, entry.seq, epoch);
  out.append(entry.body, 1);
}

void append_entry_head(std::string& out, Seq seq, std::string_view epoch) {
  out += "{\"seq\":";
  append_number(out, seq);
  out.append(",\"epoch\":\"").append(epoch).append("\",");
}

}  // namespace cc::fleet
