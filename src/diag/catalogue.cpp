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
  {"config/loosened", error, "The change loosens its own judge",
   "A pull request that weakens a policy, gate, ignore entry or baseline would pass by its own rules",
   "Merge the loosening on its own first, or let the base allow it"},
  {"config/unmatched-unit", error, "A unit belongs to no environment",
   "It would reach a cluster without being checked for that cluster's version and rules",
   "Add a match for it under environments in sluice.yaml"},
  {"config/unused-ignore", warning, "An ignore entry covers nothing",
   "It will hide the next finding of that kind from everybody",
   "Remove the entry, or correct its code or scope"},
  {"config/unused-removal", warning, "An acknowledged removal does not happen",
   "The entry would let the object go at any later time, unseen",
   "Remove the entry"},
  {"cost/high-request", warning, "A workload requests more than the flag line",
   "Large requests need new nodes, or leave the pods pending",
   "Lower the requests or the replicas, or raise cost.flags in sluice.yaml"},
  {"cost/no-requests", warning, "A container requests nothing",
   "The scheduler packs it anywhere, and its cost is not in the sum",
   "Set resources.requests for cpu and memory"},
  {"cost/not-counted", note, "An object could not be counted",
   "The sum is too small by an unknown amount",
   "See the message; the list of what is not counted stands below the sum"},
  {"cost/over-limit", error, "A workload requests more than the limit",
   "The change would exceed the budget that the repository sets itself",
   "Lower the requests or the replicas, or raise cost.limits in sluice.yaml"},
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
  {"render/cycle", error, "Applications that deliver each other in a circle",
   "Whichever is applied last wins, and a deletion takes all of them",
   "Take one of them out of what the other delivers"},
  {"render/dependency-version", error, "A chart in charts/ of another version than was asked for",
   "helm renders the old chart without a word",
   "Run helm dependency update, and commit charts/ and Chart.lock"},
  {"render/duplicate-application", error, "An application that is defined twice",
   "The two definitions overwrite each other at every sync",
   "Remove one of them"},
  {"render/duplicate-dependency", error, "A dependency that lies in charts/ more than once",
   "Which copy helm renders is not promised",
   "Remove one of them"},
  {"render/failed", error, "A unit cannot be rendered",
   "Argo CD or Flux would fail in the same way, and the cluster would stay on its old state",
   "See the message of helm or kustomize"},
  {"render/lock-digest", error, "Chart.lock does not belong to Chart.yaml",
   "The dependencies were changed and the lock was not; helm renders what lies in charts/",
   "Run helm dependency update and commit both"},
  {"render/orphan", error, "A manifest that no unit renders",
   "It looks as if it were deployed, and nothing checks it",
   "Let a unit include it, delete it, or list it under render.ignore with a reason"},
  {"render/skipped", error, "Something that this repository delivers and does not hold",
   "Nothing is known about the objects, so nothing was checked",
   "Put the chart or base into the repository; or run with --allow-skips, and it stays in every report"},
  {"render/undeclared-dependency", error, "A chart in charts/ that Chart.yaml does not name",
   "helm renders its objects, though nobody asked for them",
   "Declare it under dependencies, or remove it"},
  {"render/unsafe-archive", error, "A packed chart with a member that could leave it",
   "Unpacking it could write anywhere",
   "Pack the chart again, without links and without .. in its names"},
  {"render/unstable", warning, "A chart renders differently each time",
   "Every sync changes the cluster, and a digest of it means nothing",
   "Set the random values (passwords, certificates) yourself"},
  {"schema/deprecated-api", warning, "The API version is deprecated",
   "A later Kubernetes version refuses the object", "Move to the API version that replaces it"},
  {"schema/invalid-value", error, "A value that the schema does not allow",
   "The API server refuses the object", "Use one of the allowed values"},
  {"schema/missing-field", error, "A required field is missing",
   "The API server refuses the object", "Add the field"},
  {"schema/no-schema", error, "There is no schema for this kind",
   "Nothing is known about the object, so nothing was checked",
   "Give its CustomResourceDefinition with --crds, or put it into the stream"},
  {"schema/removed-api", error, "The API version is gone in this Kubernetes version",
   "The API server answers that there is no such kind", "Move to the API version that replaces it"},
  {"schema/unknown-field", error, "A field that the schema does not know",
   "The API server drops it without a word, or refuses the object",
   "Correct the name, or move the field where it belongs"},
  {"schema/wrong-type", error, "A value of the wrong type",
   "The API server refuses the object", "Write the value in the type that the schema asks for"},
  {"value/type-ignored", warning, "A value that helm ignored because of its type",
   "The chart has a table where a plain value was set, or the other way round",
   "Write the value in the shape that the chart's values.yaml has"},
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
