// SPDX-License-Identifier: Apache-2.0
#include "helm/template_functions.hpp"

#include <algorithm>
#include <array>

namespace sluice::helm {
namespace {

using Kind = TemplateValue::Kind;
using Arguments = std::vector<TemplateValuePtr>;

enum class Effect : std::uint8_t {
  other,     ///< consumes
  tests,     ///< looks at its arguments, gives a boolean or a number
  chooses,   ///< gives one of its arguments, or all merged
  first,     ///< gives its first argument
  last,      ///< gives its last
  element,   ///< an element of its first
  elements,  ///< its lists in another order or together
  index,
  get,
  has_key,
  pluck,
  keys,
  values,
  dig,
  dict,
  list,
  pick,
  ternary,
  tpl,
};

struct Entry {
  std::string_view name;
  Effect effect;
};

/// Sorted by name.
constexpr std::array table{
    Entry{"and", Effect::chooses},
    Entry{"append", Effect::elements},
    Entry{"coalesce", Effect::chooses},
    Entry{"compact", Effect::first},
    Entry{"concat", Effect::elements},
    Entry{"deepCopy", Effect::first},
    Entry{"default", Effect::chooses},
    Entry{"dict", Effect::dict},
    Entry{"dig", Effect::dig},
    Entry{"empty", Effect::tests},
    Entry{"eq", Effect::tests},
    Entry{"first", Effect::element},
    Entry{"ge", Effect::tests},
    Entry{"get", Effect::get},
    Entry{"gt", Effect::tests},
    Entry{"has", Effect::tests},
    Entry{"hasKey", Effect::has_key},
    Entry{"index", Effect::index},
    Entry{"initial", Effect::first},
    Entry{"keys", Effect::keys},
    Entry{"kindIs", Effect::tests},
    Entry{"kindOf", Effect::tests},
    Entry{"last", Effect::element},
    Entry{"le", Effect::tests},
    Entry{"len", Effect::tests},
    Entry{"list", Effect::list},
    Entry{"lt", Effect::tests},
    Entry{"merge", Effect::chooses},
    Entry{"mergeOverwrite", Effect::chooses},
    Entry{"mustAppend", Effect::elements},
    Entry{"mustCompact", Effect::first},
    Entry{"mustDeepCopy", Effect::first},
    Entry{"mustFirst", Effect::element},
    Entry{"mustHas", Effect::tests},
    Entry{"mustLast", Effect::element},
    Entry{"mustMerge", Effect::chooses},
    Entry{"mustMergeOverwrite", Effect::chooses},
    Entry{"mustPrepend", Effect::elements},
    Entry{"mustRest", Effect::first},
    Entry{"mustReverse", Effect::first},
    Entry{"mustUniq", Effect::first},
    Entry{"ne", Effect::tests},
    Entry{"not", Effect::tests},
    Entry{"omit", Effect::first},
    Entry{"or", Effect::chooses},
    Entry{"pick", Effect::pick},
    Entry{"pluck", Effect::pluck},
    Entry{"prepend", Effect::elements},
    Entry{"required", Effect::last},
    Entry{"rest", Effect::first},
    Entry{"reverse", Effect::first},
    Entry{"set", Effect::chooses},
    Entry{"ternary", Effect::ternary},
    Entry{"tpl", Effect::tpl},
    Entry{"tuple", Effect::list},
    Entry{"typeIs", Effect::tests},
    Entry{"typeIsLike", Effect::tests},
    Entry{"typeOf", Effect::tests},
    Entry{"uniq", Effect::first},
    Entry{"unset", Effect::first},
    Entry{"values", Effect::values},
};
static_assert(std::ranges::is_sorted(table, {}, &Entry::name));

Effect effect_of(std::string_view name) {
  const auto at = std::ranges::lower_bound(table, name, {}, &Entry::name);
  return at != table.end() && at->name == name ? at->effect : Effect::other;
}

const std::string anything(any_key);

/// `value.key` for a key that is itself a value: each text that it may be, else any.
TemplateValuePtr child_of(const TemplateValuePtr& value,
                          const TemplateValuePtr& key,
                          ValueReads& reads) {
  if (key == nullptr || (key->kind != Kind::text && key->kind != Kind::one_of)) {
    consume(key, reads);
    return child(value, anything);
  }
  if (key->kind == Kind::text) {
    return child(value, key->text);
  }
  Arguments found;
  for (const auto& choice : key->items) {
    found.push_back(child_of(value, choice, reads));
  }
  return make_one_of(found);
}

TemplateValuePtr make_dict_of(const Arguments& arguments, ValueReads& reads) {
  std::map<std::string, TemplateValuePtr> members;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const auto& key = arguments[i];
    const bool is_text = key != nullptr && key->kind == Kind::text;
    if (!is_text) {
      consume(key, reads);
    }
    if (i + 1 < arguments.size()) {
      auto& member = members[is_text ? key->text : anything];
      member = member == nullptr ? arguments[i + 1] : make_one_of({member, arguments[i + 1]});
    }
  }
  return make_dict(std::move(members));
}

TemplateValuePtr pick(const Arguments& arguments, ValueReads& reads) {
  std::map<std::string, TemplateValuePtr> members;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == nullptr || arguments[i]->kind != Kind::text) {
      consume(arguments[i], reads);
      return arguments.front();
    }
    members[arguments[i]->text] = child(arguments.front(), arguments[i]->text);
  }
  return make_dict(std::move(members));
}

/// dig "a" "b" default dict
TemplateValuePtr dig(const Arguments& arguments, ValueReads& reads) {
  if (arguments.size() < 3) {
    return nullptr;
  }
  auto value = arguments.back();
  for (std::size_t i = 0; i + 2 < arguments.size(); ++i) {
    value = child_of(value, arguments[i], reads);
    look_at(value, reads);
  }
  return make_one_of({value, arguments[arguments.size() - 2]});
}

/// Lists put together: their elements.
TemplateValuePtr together(const Arguments& arguments) {
  Arguments items;
  for (const auto& argument : arguments) {
    const bool holds = argument != nullptr && argument->kind != Kind::text;
    items.push_back(holds && argument->kind != Kind::dict ? child(argument, anything) : argument);
    if (holds && argument->kind != Kind::list) {
      items.push_back(argument);  // append: an element itself
    }
  }
  return make_list(std::move(items));
}

}  // namespace

void record(const ValuePath& path, std::size_t scope, Extent extent, ValueReads& reads) {
  const auto add = [&](const ValuePath& read) {
    if (extent == Extent::whole) {
      reads.add_whole(read);
    } else {
      reads.add(read);
    }
  };
  add(path);
  if (path.size() > scope && path[scope] == "global") {
    for (std::size_t parent = 0; parent < scope; ++parent) {
      ValuePath above(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(parent));
      above.insert(above.end(), path.begin() + static_cast<std::ptrdiff_t>(scope), path.end());
      add(above);
    }
  }
}

void consume(const TemplateValuePtr& value, ValueReads& reads) {
  if (value == nullptr) {
    return;
  }
  if (value->kind == Kind::path) {
    record(value->path, value->scope, Extent::whole, reads);
  }
  for (const auto& [key, member] : value->members) {
    consume(member, reads);
  }
  for (const auto& item : value->items) {
    consume(item, reads);
  }
}

void look_at(const TemplateValuePtr& value, ValueReads& reads) {
  if (value == nullptr) {
    return;
  }
  if (value->kind == Kind::path) {
    record(value->path, value->scope, Extent::itself, reads);
  }
  if (value->kind == Kind::one_of || value->kind == Kind::list) {
    for (const auto& item : value->items) {
      look_at(item, reads);
    }
  }
}

TemplateValuePtr apply_function(const std::string& name,
                                const std::vector<TemplateValuePtr>& arguments,
                                ValueReads& reads) {
  const auto look_at_all = [&] {
    for (const auto& argument : arguments) {
      look_at(argument, reads);
    }
  };
  if (arguments.empty()) {
    return effect_of(name) == Effect::dict   ? make_dict({})
           : effect_of(name) == Effect::list ? make_list({})
                                             : nullptr;
  }
  switch (effect_of(name)) {
    case Effect::tests:
      look_at_all();
      return nullptr;
    case Effect::chooses: {
      look_at_all();
      auto value = arguments.front();
      for (const auto& argument : arguments) {
        value = joined(value, argument);
      }
      return value;
    }
    case Effect::first:
      return arguments.front();
    case Effect::last:
      look_at_all();
      return arguments.back();
    case Effect::element:
      look_at_all();
      return child(arguments.front(), anything);
    case Effect::elements:
      return together(arguments);
    case Effect::index: {
      auto value = arguments.front();
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        value = child_of(value, arguments[i], reads);
      }
      return value;
    }
    case Effect::get:
    case Effect::has_key: {
      const auto value =
          arguments.size() > 1 ? child_of(arguments[0], arguments[1], reads) : nullptr;
      look_at(value, reads);
      return effect_of(name) == Effect::get ? value : nullptr;
    }
    case Effect::pluck: {
      Arguments found;
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        found.push_back(child_of(arguments[i], arguments[0], reads));
      }
      return make_list(std::move(found));
    }
    case Effect::keys:
      for (const auto& argument : arguments) {
        look_at(child(argument, anything), reads);
      }
      return nullptr;
    case Effect::values:
      return make_list({child(arguments.front(), anything)});
    case Effect::dig:
      return dig(arguments, reads);
    case Effect::dict:
      return make_dict_of(arguments, reads);
    case Effect::list:
      return make_list(arguments);
    case Effect::pick:
      return pick(arguments, reads);
    case Effect::ternary:
      look_at(arguments.back(), reads);
      return arguments.size() < 2 ? nullptr : make_one_of({arguments[0], arguments[1]});
    case Effect::tpl:
      consume(arguments.front(), reads);
      return nullptr;
    case Effect::other:
      break;
  }
  for (const auto& argument : arguments) {
    consume(argument, reads);
  }
  return nullptr;
}

}  // namespace sluice::helm
