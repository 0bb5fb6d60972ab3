// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

enum class Scope : std::uint8_t { namespaced, cluster };

/// Names, labels, annotations, owners and finalizers of an object whose kind wants names of the
/// form (ValidateObjectMeta). A generateName stands for a name with five more letters; those of a
/// cluster-scoped object may have a namespace, which the server drops.
void check_metadata(Object& object, Form name, Scope scope);

/// Labels: a mapping of keys to values. Also a Service's selector and a pod's nodeSelector.
void check_labels(Object& object, const Node* labels);
void check_annotations(Object& object, const Node* annotations);

/// A finalizer needs a domain, unless it is one of Kubernetes' own.
void check_finalizer_domain(Object& object, const Node& finalizer);

/// The name that the object will have, as far as it is known.
std::string name_after_generation(const Object& object);

}  // namespace sluice::rules
