#include "command/check.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include <simdjson.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "command/id.h"

namespace cc::command {
namespace {

namespace dom = simdjson::dom;
using Faulty = std::unexpected<Fault>;
using Checked = std::expected<void, Fault>;

constexpr std::array<std::string_view, 5> kMembers{"gateway", "kind", "target", "params", "expect"};
constexpr std::size_t kMostAnswers = 16;

Faulty fault(std::string_view member, std::string_view what) {
  return Faulty(Fault{std::string(member),
                      "The member '" + std::string(member) + "' " + std::string(what) + "."});
}

std::optional<dom::element> find(dom::object object, std::string_view name) {
  dom::element value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<std::string_view> text_of(dom::element value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::optional(text) : std::nullopt;
}

/// A name that is not known is repeated only where it is one that a person could have meant.
std::string shown_name(std::string_view name) {
  return is_plain_ascii(name) && name.size() <= 64 ? std::string(name) : std::string("?");
}

bool is_line(std::string_view text, std::size_t most) {
  return text.size() <= most && !text.empty() && clean_text(text, most) == text;
}

/// Line ends and tabs are words too; other control characters are none.
bool is_speech(std::string_view text, std::size_t most) {
  const bool printable = std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || c == '\n' || c == '\t' || c == '\r';
  });
  return !text.empty() && text.size() <= most && printable &&
         text.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

bool is_one_of(std::string_view words, std::string_view word) {
  for (const auto known : words | std::views::split(' ')) {
    if (std::string_view(known.begin(), known.end()) == word) return true;
  }
  return false;
}

void write_digest(JsonWriter& out, std::string_view text) {
  out.begin_object()
      .field("length", static_cast<std::uint64_t>(text.size()))
      .field("sha256", sha256(text))
      .end_object();
}

/// Writes the parameters twice, in the order of the table: as they may be shown, and whole.
class ParamsReader {
 public:
  explicit ParamsReader(const Kind& kind) : kind_(kind) {}

  Checked read(dom::object params) {
    if (auto known = check_names(params); !known) return known;
    shown_.begin_object();
    whole_.begin_object();
    for (const Param& param : kind_.params) {
      const auto value = find(params, param.name);
      if (!value && param.required) return fault(name_of(param), "is missing");
      if (!value) continue;
      if (auto taken = take(param, *value); !taken) return taken;
    }
    shown_.end_object();
    whole_.end_object();
    return {};
  }

  [[nodiscard]] const std::string& shown() const { return shown_text_; }
  [[nodiscard]] const std::string& whole() const { return whole_text_; }

 private:
  static std::string name_of(const Param& param) { return "params." + std::string(param.name); }

  Checked check_names(dom::object params) const {
    std::size_t count = 0;
    for (const auto [name, value] : params) {
      ++count;
      if (std::ranges::find(kind_.params, name, &Param::name) == kind_.params.end()) {
        return fault("params." + shown_name(name), "is not known for this kind of command");
      }
    }
    const auto given = std::ranges::count_if(
        kind_.params, [&](const Param& param) { return find(params, param.name).has_value(); });
    if (std::cmp_not_equal(given, count)) return fault("params", "holds a member twice");
    return {};
  }

  Checked take(const Param& param, dom::element value) {
    shown_.key(param.name);
    whole_.key(param.name);
    if (value.is_null() && param.nullable) {
      shown_.null();
      whole_.null();
      return {};
    }
    switch (param.form) {
      case Form::kFlag: return take_flag(param, value);
      case Form::kAnswers: return take_answers(param, value);
      case Form::kObject: return take_object(param, value);
      default: return take_text(param, value);
    }
  }

  Checked take_flag(const Param& param, dom::element value) {
    bool truth = false;
    if (value.get(truth) != simdjson::SUCCESS)
      return fault(name_of(param), "must be true or false");
    shown_.value(truth);
    whole_.value(truth);
    return {};
  }

  Checked take_text(const Param& param, dom::element value) {
    const auto text = text_of(value);
    if (!text || !fits(param, *text)) return fault(name_of(param), form_of(param));
    param.form == Form::kWords ? write_digest(shown_, *text) : void(shown_.value(*text));
    whole_.value(*text);
    return {};
  }

  static bool fits(const Param& param, std::string_view text) {
    switch (param.form) {
      case Form::kName: return is_identity(text);
      case Form::kWords: return is_speech(text, param.most);
      case Form::kChoice: return is_one_of(param.words, text);
      default: return is_line(text, param.most);
    }
  }

  static std::string form_of(const Param& param) {
    if (param.form == Form::kChoice) return "must be one of: " + std::string(param.words);
    const std::string most = std::to_string(param.most);
    if (param.form == Form::kWords) return "must be a text of at most " + most + " bytes";
    return "must be a line of text of at most " + most + " bytes";
  }

  Checked take_object(const Param& param, dom::element value) {
    const std::string json = value.is_object() ? simdjson::minify(value) : std::string();
    if (json.empty() || json.size() > param.most) {
      return fault(name_of(param),
                   "must be an object of at most " + std::to_string(param.most) + " bytes");
    }
    shown_.raw(json);
    whole_.raw(json);
    return {};
  }

  Checked take_answers(const Param& param, dom::element value) {
    dom::object questions;
    if (value.get(questions) != simdjson::SUCCESS || questions.size() == 0 ||
        questions.size() > kMostAnswers) {
      return fault(name_of(param), "must be an object with a list of texts for each question");
    }
    shown_.begin_object();
    whole_.begin_object();
    for (const auto [question, texts] : questions) {
      if (auto taken = take_answer(param, question, texts); !taken) return taken;
    }
    shown_.end_object();
    whole_.end_object();
    return {};
  }

  Checked take_answer(const Param& param, std::string_view question, dom::element value) {
    dom::array texts;
    if (!is_identity(question) || value.get(texts) != simdjson::SUCCESS || texts.size() == 0 ||
        texts.size() > kMostAnswers) {
      return fault(name_of(param), "must hold a list of texts for each question");
    }
    shown_.key(question).begin_array();
    whole_.key(question).begin_array();
    for (const dom::element one : texts) {
      const auto text = text_of(one);
      if (!text || !is_speech(*text, param.most)) {
        return fault(name_of(param), "must hold a list of texts for each question");
      }
      write_digest(shown_, *text);
      whole_.value(*text);
    }
    shown_.end_array();
    whole_.end_array();
    return {};
  }

  const Kind& kind_;
  std::string shown_text_;
  std::string whole_text_;
  JsonWriter shown_{shown_text_};
  JsonWriter whole_{whole_text_};
};

/// Reads one body, member by member.
class IntentReader {
 public:
  explicit IntentReader(dom::object body) : body_(body) {}

  std::expected<Intent, Fault> read() {
    for (const auto step :
         {&IntentReader::check_names, &IntentReader::read_kind, &IntentReader::read_gateway,
          &IntentReader::read_target, &IntentReader::read_params, &IntentReader::read_expected}) {
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
    }
    intent_.digest = sha256(whole());
    return std::move(intent_);
  }

 private:
  Checked check_names() {
    std::size_t count = 0;
    for (const auto [name, value] : body_) {
      ++count;
      if (std::ranges::find(kMembers, name) == kMembers.end()) {
        return fault(shown_name(name), "is not known here");
      }
    }
    const auto given =
        std::ranges::count_if(kMembers, [&](auto name) { return find(body_, name).has_value(); });
    if (std::cmp_not_equal(given, count)) return fault("kind", "or another one is given twice");
    return {};
  }

  Checked read_kind() {
    const auto value = find(body_, "kind");
    const auto name = value ? text_of(*value) : std::nullopt;
    intent_.kind = name ? find_kind(*name) : nullptr;
    if (intent_.kind == nullptr)
      return fault("kind", "must be a kind of command that is known here");
    return {};
  }

  Checked read_gateway() {
    const auto value = find(body_, "gateway");
    if (!value && intent_.kind->fleet_wide) return {};
    const auto name = value ? text_of(*value) : std::nullopt;
    if (!name || !is_identity(*name)) return fault("gateway", "must be the name of a gateway");
    intent_.gateway = *name;
    return {};
  }

  Checked read_target() {
    const auto value = find(body_, "target");
    dom::object target;
    if (value && value->get(target) != simdjson::SUCCESS)
      return fault("target", "must be an object");
    if (!value || target.size() == 0) return accept(kNothing, {});
    if (target.size() > 1) return fault("target", "names one thing, by one member");
    const auto [name, id] = *target.begin();
    const auto text = text_of(id);
    const Targets one = target_named(name);
    if (one == kNothing) return fault("target." + shown_name(name), "is not known here");
    if (!text || !is_identity(*text)) {
      return fault("target." + std::string(name), "must be a name of at most 512 bytes");
    }
    return accept(one, *text);
  }

  Checked accept(Targets one, std::string_view id) {
    if ((static_cast<unsigned>(intent_.kind->targets) & static_cast<unsigned>(one)) == 0) {
      return fault("target", "is not what this kind of command acts on");
    }
    if (intent_.gateway.empty() && one != kNothing) {
      return fault("gateway", "must be the name of a gateway");
    }
    intent_.target = one;
    intent_.target_id = id;
    return {};
  }

  Checked read_params() {
    const auto value = find(body_, "params");
    dom::object params;
    dom::parser none;
    if (value && value->get(params) != simdjson::SUCCESS)
      return fault("params", "must be an object");
    if (!value && none.parse("{}", 2).get(params) != simdjson::SUCCESS) {
      return fault("params", "must be an object");
    }
    ParamsReader reader(*intent_.kind);
    if (auto read = reader.read(params); !read) return read;
    intent_.params = reader.shown();
    if (intent_.kind->has_words()) {
      intent_.letter = std::make_shared<const std::string>(reader.whole());
    }
    return {};
  }

  Checked read_expected() {
    const auto value = find(body_, "expect");
    if (!value || value->is_null()) return {};
    dom::object expect;
    std::uint64_t version = 0;
    if (value->get(expect) != simdjson::SUCCESS || expect.size() != 1 ||
        expect.at_key("version").get(version) != simdjson::SUCCESS) {
      return fault("expect", "must be {\"version\":N}");
    }
    intent_.expected = version;
    return {};
  }

  /// All that a repeated request must repeat.
  [[nodiscard]] std::string whole() const {
    std::string text = intent_.gateway + '\n';
    text.append(intent_.kind->name).append("\n").append(member_of(intent_.target)).append("\n");
    text.append(intent_.target_id).append("\n");
    text.append(intent_.letter ? *intent_.letter : intent_.params).append("\n");
    if (intent_.expected) text += std::to_string(*intent_.expected);
    return text;
  }

  dom::object body_;
  Intent intent_;
};

}  // namespace

std::expected<Intent, Fault> read_intent(std::string_view body) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get(object) != simdjson::SUCCESS) {
    return std::unexpected(Fault{"body", "The body must be a JSON object."});
  }
  return IntentReader(object).read();
}

}  // namespace cc::command
