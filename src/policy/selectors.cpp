// SPDX-License-Identifier: Apache-2.0
#include "policy/selectors.hpp"

namespace sluice::policy {

LabelSelector read_selector(const Value& source) {
  LabelSelector made;
  const Value labels = source.get({"matchLabels"});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    made.match_labels.emplace_back(labels.key_at(i), go_text(labels.member_at(i)));
  }
  const Value expressions = source.get({"matchExpressions"});
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const Value expression = expressions.at(i);
    const auto op = expression.text({"operator"});
    SelectorRequirement requirement{.key = std::string(expression.text({"key"})),
                                    .op = op == "In"      ? SelectorRequirement::Op::in
                                          : op == "NotIn" ? SelectorRequirement::Op::not_in
                                          : op == "Exists"
                                              ? SelectorRequirement::Op::exists
                                              : SelectorRequirement::Op::does_not_exist,
                                    .values = {}};
    const Value values = expression.get({"values"});
    for (std::size_t j = 0; j < values.size(); ++j) {
      requirement.values.push_back(go_text(values.at(j)));
    }
    made.requirements.push_back(std::move(requirement));
  }
  return made;
}

Labels labels_of(const Value& mapping) {
  Labels labels;
  for (std::size_t i = 0; i < mapping.size() && mapping.is(Type::object); ++i) {
    labels.emplace(mapping.key_at(i), go_text(mapping.member_at(i)));
  }
  return labels;
}

}  // namespace sluice::policy
