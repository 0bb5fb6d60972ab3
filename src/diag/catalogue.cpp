// SPDX-License-Identifier: Apache-2.0
#include "diag/catalogue.hpp"

#include <algorithm>
#include <array>

namespace sluice::diag {

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;
constexpr auto note = Severity::note;

// One row for each code, sorted; each row is code, severity, title, why, fix.
// clang-format off
constexpr auto rows = std::to_array<CatalogueRow>({
  {"config/expired-ignore", warning, "An ignore entry has expired",
   "What it covered counts again from that day on",
   "Mend the finding, or agree on a new date with the owner of the entry"},
  {"config/expired-removal", error, "The acknowledgement of a removal has expired",
   "The removal would still be carried out, and nobody stands for it now",
   "Let the owner renew the entry, or keep the object"},
  {"config/unused-ignore", warning, "An ignore entry covers nothing",
   "It will hide the next finding of that kind from everybody",
   "Remove the entry, or correct its code or scope"},
  {"config/unused-removal", warning, "An acknowledged removal does not happen",
   "The entry would let the object go at any later time, unseen",
   "Remove the entry"},
  {"cost/ambiguous-runtime", warning, "Two runtimes fit an InferenceService equally well",
   "KServe takes the older one, which no manifest shows, so the counted requests may be the other's",
   "Name one in spec.predictor.model.runtime, or give them priorities"},
  {"cost/bad-quantity", error, "A quantity cannot be read",
   "The API server refuses the object, and its cost is not in the sum",
   "Write a number such as 250m, 2 or 1.5Gi"},
  {"cost/flag", warning, "A workload requests more than the flag line",
   "Large requests need new nodes, or leave the pods pending",
   "Lower the requests or the replicas, or raise cost.flags in sluice.yaml"},
  {"cost/gpu", note, "A workload asks for accelerators",
   "They are the scarcest and dearest part of a cluster",
   "Nothing, if it is meant so"},
  {"cost/incomplete", warning, "One of the two streams lacks objects",
   "What is missing in the base looks added, and what is missing in the head looks removed",
   "Mend what render or the parser says about that revision"},
  {"cost/limit", error, "A workload requests more than the limit",
   "The change would exceed the budget that the repository sets itself",
   "Lower the requests or the replicas, or raise cost.limits in sluice.yaml"},
  {"cost/missing-requests", warning, "A container requests nothing",
   "The scheduler packs it anywhere, and its cost is not in the sum",
   "Set resources.requests for cpu and memory, or a LimitRange in the namespace"},
  {"cost/no-base", note, "There is no base to compare with",
   "The totals say what the head asks for, not what the change adds",
   "Give the stream of the base revision with --base"},
  {"cost/not-counted", note, "An object could not be counted",
   "The sum is too small by an unknown amount",
   "See the message; the list of what is not counted stands below the sum"},
  {"cost/over-limit", error, "A workload requests more than the limit",
   "The change would exceed the budget that the repository sets itself",
   "Lower the requests or the replicas, or raise cost.limits in sluice.yaml"},
  {"cost/unbounded", warning, "Nobody set the maximum of an autoscaler",
   "A burst of load or a broken metric may take the whole cluster",
   "Set maxReplicaCount (KEDA), maxReplicas (KServe) or max-scale (Knative)"},
  {"cost/unknown-runtime", warning, "The runtime of an InferenceService is in no manifest",
   "Its requests are those of the runtime, which nobody knows, so the sum is too small",
   "Give the runtime with --context, or render it with the rest"},
  {"input/outside-repository", error, "A path leads out of the repository",
   "What lies outside is not part of the reviewed change, and may be secret",
   "Keep the file in the repository and name it by a path that stays inside"},
  {"ledger/unbalanced", error, "The stages did not see the same objects",
   "An object that one stage did not see reaches the cluster unchecked",
   "Run every stage on the same stream; see the skipped entries of the stage that misses it"},
  {"meta/duplicate-object", error, "The same object is there twice",
   "The one that is applied last wins, and which one that is may change",
   "Remove or rename one of them"},
  {"meta/missing-api-version", error, "A document has no apiVersion",
   "The API server refuses it", "Add apiVersion"},
  {"meta/missing-kind", error, "A document has no kind",
   "The API server refuses it", "Add kind"},
  {"meta/missing-name", error, "An object has no name",
   "The API server refuses it", "Add metadata.name"},
  {"meta/not-an-object", error, "A document is no Kubernetes object",
   "The API server refuses it", "Write a mapping with apiVersion, kind and metadata, or move the file"},
  {"plan/removed", note, "An object is removed",
   "Argo CD and Flux delete it when pruning is on",
   "Nothing, if it is meant to go"},
  {"plan/removed-object", error, "The change removes an object that takes others with it",
   "Deleting a CustomResourceDefinition, Namespace or volume claim deletes all that belongs to it",
   "Keep the object, or acknowledge the removal under removals in sluice.yaml"},
  {"policy/fail", error, "An object breaks a policy",
   "Kyverno would refuse it at admission, or report it",
   "See the policy's message"},
  {"render/failed", error, "A unit cannot be rendered",
   "Argo CD or Flux would fail in the same way, and the cluster would stay on its old state",
   "See the message of helm or kustomize"},
  {"render/orphan", warning, "A manifest that no unit renders",
   "It looks as if it were deployed, and nothing checks it",
   "Let a unit include it, delete it, or list it under render.ignore with a reason"},
  {"render/unstable", warning, "A chart renders differently each time",
   "Every sync changes the cluster, and a digest of it means nothing",
   "Set the random values (passwords, certificates) yourself"},
  {"schema/alternatives", error, "A value fits none of the forms that its schema allows",
   "The API server refuses the object", "Give exactly what one of the forms (anyOf, oneOf, not) asks for"},
  {"schema/ambiguous", warning, "Two CustomResourceDefinitions give one kind different schemas",
   "The one that is applied last wins, and objects may fit only the other",
   "Keep one of them in each environment"},
  {"schema/crd", error, "A CustomResourceDefinition that the API server refuses",
   "The kind never comes to be, and its objects cannot be applied", "See the message"},
  {"schema/duplicate-item", error, "An item of a list is there twice",
   "The API server refuses the object, or keeps only one of them", "Remove one of them"},
  {"schema/enum", error, "A value that is not among the allowed ones",
   "The API server refuses the object", "Use one of the values in the hint"},
  {"schema/format", error, "A text that is not of the form its field asks for",
   "The API server refuses the object", "Write it as the message says"},
  {"schema/limit", error, "Checking an object takes too many steps",
   "Nothing is known about the rest of the object", "Make its schema refer to itself less, or nest fewer alternatives"},
  {"schema/null-item", error, "A list has an item that is null",
   "The API server refuses the object, or reads an empty value", "Remove the item, or write its value"},
  {"schema/pattern", error, "A text that does not match its pattern",
   "The API server refuses the object", "Write it so that it matches"},
  {"schema/range", error, "A value too small, too large, too short or too long",
   "The API server refuses the object", "Stay within the limits in the message"},
  {"schema/removed-api", error, "The Kubernetes version does not serve this API version",
   "The API server answers that there is no such kind", "Move to the API version that replaces it"},
  {"schema/required", error, "A required field is missing",
   "The API server refuses the object", "Add the field"},
  {"schema/type", error, "A value of the wrong type",
   "The API server refuses the object", "Write the value in the type that the message names"},
  {"schema/unknown-field", error, "A field that the schema does not know",
   "The API server drops it without a word, or refuses the object",
   "Correct the name, or move the field where it belongs"},
  {"schema/unknown-kind", error, "There is no schema for this kind",
   "Nothing is known about the object, so nothing was checked",
   "Correct the kind, or give its CustomResourceDefinition in the input or with --crds"},
  {"schema/unread-keyword", warning, "A schema has keywords that are not evaluated",
   "The object may break a rule that nobody looked at", "Use the kind's CustomResourceDefinition instead"},
  {"value/unread", error, "A value that changes nothing",
   "Somebody set it and believes that it works; often it is nested one level wrong",
   "Move it to where the chart reads it, or delete it"},
  {"yaml/duplicate-key", error, "A key is there twice in one mapping",
   "The last one wins without a word", "Remove one of them"},
  {"yaml/encoding", error, "Bytes that are not UTF-8",
   "The API server refuses the document", "Save the file as UTF-8"},
  {"yaml/key", error, "A key that is no text",
   "Kubernetes objects have text keys only; the API server refuses the document",
   "Write a text as the key"},
  {"yaml/limit", error, "A document exceeds a limit",
   "A document so deep or so large would be refused, or could stop the tools that read it",
   "Make it smaller, or raise the limit that the message names"},
  {"yaml/merge", error, "A merge key with nothing to merge",
   "The API server refuses the document", "Merge a mapping, or a list of mappings"},
  {"yaml/number", error, "A number that JSON cannot hold",
   "The API server refuses the document, or rounds the number",
   "Quote it if it is meant as text"},
  {"yaml/separator", error, "A separator that readers do not agree on",
   "kubectl and Helm cut the file at different places", "Write \"---\" alone on its line"},
  {"yaml/syntax", error, "The YAML cannot be read",
   "The API server refuses the document", "See the message"},
  {"yaml/trailing-text", error, "Text after the end of a JSON value",
   "Readers stop at different places", "Remove the text"},
});
// clang-format on

static_assert(std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &CatalogueRow::code) ==
                  rows.end(),
              "the rows must be sorted by code, each code once");

}  // namespace

std::span<const CatalogueRow> catalogue() {
  return rows;
}

const CatalogueRow* find(std::string_view code) {
  const auto row = std::ranges::lower_bound(rows, code, {}, &CatalogueRow::code);
  return row != rows.end() && row->code == code ? &*row : nullptr;
}

}  // namespace sluice::diag
