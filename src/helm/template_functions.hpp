// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/template_value.hpp"

namespace sluice::helm {

enum class Extent : std::uint8_t { itself, whole };

/// Notes that the chart at path[0, scope) reads the path. `global` is the parents' too.
void record(const ValuePath& path, std::size_t scope, Extent extent, ValueReads& reads);

/// The value is printed, or handed to something that may look at all of it.
void consume(const TemplateValuePtr& value, ValueReads& reads);
/// The value is tested: it counts, and what is below it does not.
void look_at(const TemplateValuePtr& value, ValueReads& reads);

/// What a function of Go's templates, sprig or Helm gives; a function that is not known here
/// consumes its arguments and gives nothing.
TemplateValuePtr apply_function(const std::string& name,
                                const std::vector<TemplateValuePtr>& arguments,
                                ValueReads& reads);

}  // namespace sluice::helm
