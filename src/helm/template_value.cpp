// SPDX-License-Identifier: Apache-2.0
#include "helm/template_value.hpp"

#include <algorithm>

namespace sluice::helm {
namespace {

using Kind = TemplateValue::Kind;

constexpr std::size_t most_choices = 24;
constexpr std::size_t deepest_path = 32;
constexpr std::size_t longest_identity = 4096;

TemplateValuePtr finish(TemplateValue value) {
  std::string& id = value.identity;
  const auto add = [&](const std::string& part) { id += std::to_string(part.size()) + ':' + part; };
  id = std::string(1, static_cast<char>('a' + static_cast<int>(value.kind)));
  id += std::to_string(value.scope);
  for (const auto& key : value.path) {
    add(key);
  }
  add(value.text);
  for (const auto& [key, member] : value.members) {
    add(key);
    add(member == nullptr ? "" : member->identity);
  }
  for (const auto& item : value.items) {
    add(item == nullptr ? "" : item->identity);
  }
  // A value that grows with each call would never be remembered, and never end.
  return id.size() > longest_identity ? nullptr
                                      : std::make_shared<const TemplateValue>(std::move(value));
}

}  // namespace

TemplateValuePtr make_root(ValuePath scope) {
  return finish({.kind = Kind::root, .path = std::move(scope)});
}

TemplateValuePtr make_path(ValuePath path, std::size_t scope) {
  if ((path.size() > scope && path[scope] == any_key) || path.size() > deepest_path) {
    return nullptr;
  }
  return finish({.kind = Kind::path, .path = std::move(path), .scope = scope});
}

TemplateValuePtr make_text(std::string text) {
  return finish({.kind = Kind::text, .text = std::move(text)});
}

TemplateValuePtr make_dict(std::map<std::string, TemplateValuePtr> members) {
  return finish({.kind = Kind::dict, .members = std::move(members)});
}

TemplateValuePtr make_list(std::vector<TemplateValuePtr> items) {
  return finish({.kind = Kind::list, .items = std::move(items)});
}

TemplateValuePtr make_one_of(const std::vector<TemplateValuePtr>& values) {
  std::vector<TemplateValuePtr> choices;
  const auto add = [&](const TemplateValuePtr& value) {
    const bool known = value == nullptr || std::ranges::any_of(choices, [&](const auto& choice) {
                         return choice->identity == value->identity;
                       });
    if (!known && choices.size() < most_choices) {
      choices.push_back(value);
    }
  };
  for (const auto& value : values) {
    if (value != nullptr && value->kind == Kind::one_of) {
      std::ranges::for_each(value->items, add);
    } else {
      add(value);
    }
  }
  if (choices.size() < 2) {
    return choices.empty() ? nullptr : choices.front();
  }
  return finish({.kind = Kind::one_of, .items = std::move(choices)});
}

TemplateValuePtr child(const TemplateValuePtr& value, const std::string& key) {
  if (value == nullptr) {
    return nullptr;
  }
  switch (value->kind) {
    case Kind::root:
      return key == "Values" ? make_path(value->path, value->path.size()) : nullptr;
    case Kind::path: {
      auto path = value->path;
      path.push_back(key);
      return make_path(std::move(path), value->scope);
    }
    case Kind::dict: {
      if (key == any_key) {
        std::vector<TemplateValuePtr> all;
        for (const auto& [name, member] : value->members) {
          all.push_back(member);
        }
        return make_one_of(all);
      }
      auto member = value->members.find(key);
      if (member == value->members.end()) {
        member = value->members.find(std::string(any_key));  // under a computed key
      }
      return member == value->members.end() ? nullptr : member->second;
    }
    case Kind::list:
      return make_one_of(value->items);
    case Kind::text:
      return nullptr;
    case Kind::one_of: {
      std::vector<TemplateValuePtr> all;
      for (const auto& item : value->items) {
        all.push_back(child(item, key));
      }
      return make_one_of(all);
    }
  }
  return nullptr;
}

TemplateValuePtr joined(const TemplateValuePtr& a, const TemplateValuePtr& b) {
  if (a != nullptr && b != nullptr && a->kind == Kind::dict && b->kind == Kind::dict) {
    auto members = a->members;
    for (const auto& [key, member] : b->members) {
      auto& mine = members[key];
      mine = mine == nullptr ? member : make_one_of({mine, member});
    }
    return make_dict(std::move(members));
  }
  return make_one_of({a, b});
}

}  // namespace sluice::helm
