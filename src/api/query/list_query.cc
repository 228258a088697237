#include "api/query/list_query.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cc::api {
namespace {

std::unexpected<ParameterFault> fault(std::string_view parameter, std::string detail) {
  return std::unexpected(ParameterFault{std::string(parameter), std::move(detail)});
}

std::optional<OwnedValue> parse_integer(std::string_view text) {
  const auto number = parse_whole(text);
  return number ? std::optional<OwnedValue>(*number) : std::nullopt;
}

std::optional<OwnedValue> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number)) return std::nullopt;
  return OwnedValue(number);
}

std::optional<OwnedValue> parse_bool(std::string_view text) {
  if (text == "true") return OwnedValue(true);
  if (text == "false") return OwnedValue(false);
  return std::nullopt;
}

std::optional<OwnedValue> parse_wanted(const FieldSpec& field, std::string_view text) {
  if (text == "null") return OwnedValue();
  switch (field.kind) {
    case FieldKind::kBool: return parse_bool(text);
    case FieldKind::kInteger: return parse_integer(text);
    case FieldKind::kNumber: return parse_number(text);
    case FieldKind::kText:
    case FieldKind::kTexts: break;
  }
  if (field.known != nullptr && !field.known(text)) return std::nullopt;
  return OwnedValue(std::string(text));
}

std::string_view accepted_form(const FieldSpec& field) {
  switch (field.kind) {
    case FieldKind::kBool: return "true, false or null";
    case FieldKind::kInteger: return "a whole number or null";
    case FieldKind::kNumber: return "a number or null";
    case FieldKind::kText:
    case FieldKind::kTexts: break;
  }
  return "one of the words that the field can hold, or null";
}

/// Builds a query, a parameter at a time.
class Builder {
 public:
  explicit Builder(std::span<const FieldSpec> fields) : fields_(fields) {}

  std::expected<void, ParameterFault> add(const Parameter& parameter) {
    const auto& [name, value] = parameter;
    const bool once =
        name == "limit" || name == "page" || name == "sort" || name == "q" || name == "facets";
    if (once && std::ranges::find(seen_, name) != seen_.end()) {
      return fault(name, "The parameter '" + name + "' is given twice.");
    }
    seen_.push_back(name);
    if (name == "limit") return set_limit(value);
    if (name == "page") return set_page(value);
    if (name == "sort") return set_sort(value);
    if (name == "q") return set_needle(value);
    if (name == "facets") return set_facets(value);
    return add_filter(name, value);
  }

  std::expected<ListQuery, ParameterFault> finish() && {
    if (query_.after && !fits(*query_.after)) {
      return fault("page", "The parameter 'page' belongs to a list in another order.");
    }
    return std::move(query_);
  }

 private:
  std::expected<void, ParameterFault> set_limit(const std::string& value) {
    const auto limit = parse_limit(value);
    if (!limit) return std::unexpected(limit.error());
    query_.limit = *limit;
    return {};
  }

  std::expected<void, ParameterFault> set_page(const std::string& value) {
    query_.after = decode_page_token(value);
    if (!query_.after) {
      return fault("page", "The parameter 'page' must be what 'next' of an earlier page gave.");
    }
    return {};
  }

  std::expected<void, ParameterFault> set_sort(const std::string& value) {
    const bool descending = value.starts_with('-');
    const auto field = find(std::string_view(value).substr(descending ? 1 : 0));
    if (!field) {
      return fault("sort", "The parameter 'sort' names no field of the rows: '" + value + "'.");
    }
    query_.sort = value;
    query_.order = Order{*field, descending};
    return {};
  }

  std::expected<void, ParameterFault> set_needle(const std::string& value) {
    query_.needle = fold_case(value);
    return {};
  }

  std::expected<void, ParameterFault> set_facets(const std::string& value) {
    for (const std::string& name : split_list(value)) {
      const auto field = find(name);
      if (!field || !fields_[*field].faceted) {
        return fault("facets", "The parameter 'facets' names fields to count by; here: " +
                                   faceted_names() + ".");
      }
      if (std::ranges::find(query_.facets, *field) == query_.facets.end()) {
        query_.facets.push_back(*field);
      }
    }
    return {};
  }

  [[nodiscard]] std::string faceted_names() const {
    std::string names;
    for (const FieldSpec& field : fields_) {
      if (field.faceted) names.append(names.empty() ? "" : ", ").append(field.name);
    }
    return names;
  }

  std::expected<void, ParameterFault> add_filter(const std::string& name,
                                                 const std::string& value) {
    const auto field = find(name);
    if (!field) return fault(name, "The parameter '" + name + "' is not known here.");
    FieldFilter& filter = filter_of(*field);
    for (const std::string& word : split_list(value)) {
      auto wanted = parse_wanted(fields_[*field], word);
      if (!wanted) {
        return fault(name, "The parameter '" + name + "' must be " +
                               std::string(accepted_form(fields_[*field])) + ".");
      }
      filter.any_of.push_back(*std::move(wanted));
    }
    return {};
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto found = std::ranges::find(fields_, name, &FieldSpec::name);
    if (found == fields_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields_.begin());
  }

  FieldFilter& filter_of(std::size_t field) {
    const auto found = std::ranges::find(query_.filters, field, &FieldFilter::field);
    if (found != query_.filters.end()) return *found;
    return query_.filters.emplace_back(FieldFilter{field, {}});
  }

  /// A token can be forged, so its value must have the field's type; otherwise comparing would be
  /// meaningless.
  [[nodiscard]] bool fits(const PageToken& place) const {
    if (place.sort != query_.sort) return false;
    if (std::holds_alternative<std::monostate>(place.value)) return true;
    if (!query_.order) return false;
    switch (fields_[query_.order->field].kind) {
      case FieldKind::kBool: return std::holds_alternative<bool>(place.value);
      case FieldKind::kInteger: return std::holds_alternative<std::int64_t>(place.value);
      case FieldKind::kNumber: {
        const auto* number = std::get_if<double>(&place.value);
        return number != nullptr && std::isfinite(*number);
      }
      case FieldKind::kText: return std::holds_alternative<std::string>(place.value);
      case FieldKind::kTexts: return std::holds_alternative<Texts>(place.value);
    }
    return false;
  }

  std::span<const FieldSpec> fields_;
  ListQuery query_;
  std::vector<std::string> seen_;
};

}  // namespace

std::expected<std::size_t, ParameterFault> parse_limit(std::string_view text) {
  const std::int64_t limit = parse_whole(text).value_or(0);
  if (limit < 1 || limit > static_cast<std::int64_t>(kMaxLimit)) {
    return fault("limit", "The parameter 'limit' must be a whole number from 1 to " +
                              std::to_string(kMaxLimit) + ".");
  }
  return static_cast<std::size_t>(limit);
}

std::expected<ListQuery, ParameterFault> parse_list_query(const Parameters& parameters,
                                                          std::span<const FieldSpec> fields) {
  Builder builder(fields);
  for (const Parameter& parameter : parameters) {
    if (auto added = builder.add(parameter); !added) return std::unexpected(added.error());
  }
  return std::move(builder).finish();
}

}  // namespace cc::api
