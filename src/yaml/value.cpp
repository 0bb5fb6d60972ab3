// SPDX-License-Identifier: Apache-2.0
#include "yaml/value.hpp"

#include "base/json_text.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <algorithm>

namespace sluice::yaml {
namespace {

/// Counts down while it copies: an alias costs what it stands for.
class Copier {
 public:
  Copier(const Document& document, std::size_t budget) : document_(document), budget_(budget) {}

  Value copy(const Node& node) {
    Value value{.kind = node.kind, .style = node.style};
    if (budget_ == 0) {
      return value;
    }
    --budget_;
    const auto place = document_.where(node);
    value.line = place.line;
    value.column = place.column;
    const auto children = document_.children(node);
    if (node.kind == Kind::sequence) {
      for (std::size_t i = 0; i < children.size() && budget_ > 0; ++i) {
        value.items.push_back(copy(children[i]));
      }
    } else if (node.kind == Kind::mapping) {
      for (std::size_t i = 0; i + 1 < children.size() && budget_ > 0; i += 2) {
        value.members.emplace_back(std::string(children[i].text), copy(children[i + 1]));
      }
    } else if (node.kind == Kind::string) {
      value.text = node.text;
    } else if (node.kind != Kind::null) {
      append_canonical_json(document_, node, value.text);
    }
    return value;
  }

  [[nodiscard]] bool exhausted() const { return budget_ == 0; }

 private:
  const Document& document_;
  std::size_t budget_;
};

void append_members(const Value& value, std::string& out) {
  std::vector<const Value::Member*> order;
  order.reserve(value.members.size());
  for (const auto& member : value.members) {
    order.push_back(&member);
  }
  std::ranges::sort(order, {}, [](const auto* member) { return std::string_view(member->first); });
  out += '{';
  for (const auto* member : order) {
    out += member == order.front() ? "" : ",";
    text::append_json_string(member->first, out);
    out += ':';
    append_json(member->second, out);
  }
  out += '}';
}

}  // namespace

Value Value::string(std::string text) {
  return {.kind = Kind::string, .text = std::move(text)};
}

Value Value::boolean(bool value) {
  return {.kind = Kind::boolean, .text = value ? "true" : "false"};
}

Value Value::mapping() {
  return {.kind = Kind::mapping};
}

Value Value::sequence() {
  return {.kind = Kind::sequence};
}

bool Value::is_zero() const {
  switch (kind) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return text == "false";
    case Kind::integer:
    case Kind::real:
      return text == "0";
    case Kind::string:
      return text.empty();
    case Kind::sequence:
      return items.empty();
    case Kind::mapping:
      return members.empty();
  }
  return false;
}

const Value* Value::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::first);
  return found == members.end() ? nullptr : &found->second;
}

Value* Value::find(std::string_view key) {
  const auto found = std::ranges::find(members, key, &Member::first);
  return found == members.end() ? nullptr : &found->second;
}

const Value* Value::find(std::initializer_list<std::string_view> keys) const {
  const Value* value = this;
  for (const auto key : keys) {
    value = value == nullptr ? nullptr : value->find(key);
  }
  return value;
}

std::string_view Value::text_at(std::initializer_list<std::string_view> keys) const {
  const auto* value = find(keys);
  return value != nullptr && value->is_string() ? std::string_view(value->text)
                                                : std::string_view{};
}

Value& Value::set(std::string_view key, Value value) {
  kind = Kind::mapping;
  if (auto* present = find(key); present != nullptr) {
    *present = std::move(value);
    return *present;
  }
  members.emplace_back(std::string(key), std::move(value));
  return members.back().second;
}

void Value::erase(std::string_view key) {
  std::erase_if(members, [key](const auto& member) { return member.first == key; });
}

Result<Value> to_value(const Document& document, const Node& node, std::size_t max_values) {
  Copier copier(document, max_values);
  auto value = copier.copy(node);
  if (copier.exhausted()) {
    const auto place = document.where(node);
    return Error{Error::Kind::limit, place.file + ": more than " + std::to_string(max_values) +
                                         " values with its aliases written out"};
  }
  return value;
}

Result<Value> parse_value(std::string bytes, const std::string& file) {
  Stream stream;
  SLUICE_TRY_ASSIGN(stream, parse(std::move(bytes), file));
  for (const auto& finding : stream.findings) {
    if (finding.severity == diag::Severity::error) {
      return Error{Error::Kind::parse, finding.location.file + ":" +
                                           std::to_string(finding.location.line) + ": " +
                                           finding.message};
    }
  }
  if (stream.documents.size() > 1) {
    return Error{Error::Kind::parse, file + ": more than one document"};
  }
  if (stream.documents.empty()) {
    return Value{};
  }
  return to_value(stream.documents.front(), stream.documents.front().root());
}

void append_json(const Value& value, std::string& out) {
  switch (value.kind) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
      out += value.text;
      break;
    case Kind::string:
      text::append_json_string(value.text, out);
      break;
    case Kind::sequence:
      out += '[';
      for (const auto& item : value.items) {
        out += &item == value.items.data() ? "" : ",";
        append_json(item, out);
      }
      out += ']';
      break;
    case Kind::mapping:
      append_members(value, out);
      break;
  }
}

std::string to_json(const Value& value) {
  std::string out;
  append_json(value, out);
  return out;
}

void merge_patch(Value& target, const Value& patch) {
  if (!patch.is_mapping()) {
    target = patch;
    return;
  }
  if (!target.is_mapping()) {
    target = Value::mapping();
  }
  for (const auto& [key, value] : patch.members) {
    if (value.kind == Kind::null) {
      target.erase(key);
      continue;
    }
    auto* present = target.find(key);
    merge_patch(present != nullptr ? *present : target.set(key, {}), value);
  }
}

void merge_values(Value& target, const Value& over) {
  for (const auto& [key, value] : over.members) {
    auto* present = target.find(key);
    if (present != nullptr && present->is_mapping() && value.is_mapping()) {
      merge_values(*present, value);
    } else {
      target.set(key, value);
    }
  }
}

void merge_missing(Value& target, const Value& under) {
  for (const auto& [key, value] : under.members) {
    auto* present = target.find(key);
    if (present != nullptr && present->is_mapping() && value.is_mapping()) {
      merge_missing(*present, value);
    } else if (present == nullptr || present->is_zero()) {
      target.set(key, value);
    }
  }
}

}  // namespace sluice::yaml
