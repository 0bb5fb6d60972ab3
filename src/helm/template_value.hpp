// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/value_reads.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// What is known of a value inside a template that is read and not run. Internal to the template
/// reader.
namespace sluice::helm {

struct TemplateValue;
using TemplateValuePtr = std::shared_ptr<const TemplateValue>;  ///< null: nothing that matters

struct TemplateValue {
  enum class Kind : std::uint8_t {
    root,  ///< `.` of a chart: `path` is where its values stand in the top chart's
    path,  ///< a value of the values
    dict,
    list,
    text,  ///< a string written in the template
    one_of
  };
  Kind kind = Kind::text;
  ValuePath path;
  std::size_t scope = 0;  ///< of a path: its first keys are the chart's place
  std::map<std::string, TemplateValuePtr> members;
  std::vector<TemplateValuePtr> items;  ///< of list and one_of
  std::string text;
  std::string identity;  ///< equal for equal values; what named templates are remembered by
};

TemplateValuePtr make_root(ValuePath scope);
/// Null when the chart itself cannot say which of its values is meant (the first key is a
/// wildcard).
TemplateValuePtr make_path(ValuePath path, std::size_t scope);
TemplateValuePtr make_text(std::string text);
TemplateValuePtr make_dict(std::map<std::string, TemplateValuePtr> members);
TemplateValuePtr make_list(std::vector<TemplateValuePtr> items);
/// Any of them; nulls and repetitions are left out. What exceeds 24 is left out, too.
TemplateValuePtr make_one_of(const std::vector<TemplateValuePtr>& values);

/// `value.key`; of a list and for the wildcard: any element.
TemplateValuePtr child(const TemplateValuePtr& value, const std::string& key);

/// Two values that an `if` may have left in a variable, dictionaries member by member.
TemplateValuePtr joined(const TemplateValuePtr& a, const TemplateValuePtr& b);

}  // namespace sluice::helm
