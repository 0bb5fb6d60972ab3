// SPDX-License-Identifier: Apache-2.0
#include "k8s/resource.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::k8s {
namespace {

/// The keys of the objects, then the findings.
std::string show(const std::string& text, unsigned jobs = 1) {
  const auto stream = yaml::parse(text, "in.yaml");
  EXPECT_TRUE(stream);
  std::vector<const yaml::Document*> documents;
  for (const auto& document : stream->documents) {
    documents.push_back(&document);
  }
  std::vector<diag::Finding> findings;
  std::string out;
  for (const auto& resource : resources(documents, findings, jobs)) {
    out += resource.key() + '\n';
  }
  for (const auto& finding : findings) {
    out += std::to_string(finding.location.line) + ": " + finding.message + " [" + finding.code +
           "]\n";
  }
  return out;
}

TEST(Resources, ReadsIdentities) {
  EXPECT_EQ(show("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: prod}\n"),
            "apps/v1/Deployment/prod/web\n");
  EXPECT_EQ(show("apiVersion: v1\nkind: Namespace\nmetadata: {name: web, namespace: ignored}\n"),
            "v1/Namespace/-/web\n");
  EXPECT_EQ(show("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n"),
            "batch/v1/Job/-/run-*\n");
}

TEST(Resources, ExpandsLists) {
  EXPECT_EQ(show("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: "
                 "{name: a}}\n- {apiVersion: v1, kind: Pod}\n"),
            "v1/Pod/-/a\n5: metadata.name is missing [meta/missing-name]\n");
  EXPECT_EQ(show("apiVersion: v1\nkind: ConfigMapList\nitems: []\n"), "");
  EXPECT_EQ(show("apiVersion: v1\nkind: List\nitems: 3\n"),
            "3: items of a List is not a list [meta/not-an-object]\n");
  EXPECT_EQ(show("apiVersion: x.io/v1\nkind: AllowList\nmetadata: {name: a}\nitems: []\n"),
            "x.io/v1/AllowList/-/a\n");
}

TEST(Resources, LearnsScopesFromTheStreamsOwnDefinitions) {
  EXPECT_EQ(show("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: "
                 "{name: cs.x.io}\n"
                 "spec: {group: x.io, scope: Cluster, names: {kind: C}}\n---\n"
                 "apiVersion: x.io/v1\nkind: C\nmetadata: {name: a, namespace: n}\n"),
            "apiextensions.k8s.io/v1/CustomResourceDefinition/-/cs.x.io\nx.io/v1/C/-/a\n");
}

TEST(Resources, AreTheSameOnSeveralThreads) {
  std::string text;
  for (int i = 0; i < 3500; ++i) {
    text += "---\napiVersion: example.com/v1\nkind: " + std::string(i % 7 == 0 ? "Cell" : "Thing") +
            "\nmetadata: {namespace: a, " + (i % 500 == 0 ? "" : "name: n" + std::to_string(i)) +
            "}\n";
  }
  text +=
      "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: "
      "cells.example.com}\nspec: {group: example.com, scope: Cluster, names: {kind: Cell}}\n";
  const auto expected = show(text);
  EXPECT_NE(expected.find("Cell/-/n7\n"), std::string::npos);
  EXPECT_EQ(show(text, 2), expected);
  EXPECT_EQ(show(text, 3), expected);
}

TEST(Resources, SaysWhatIsNoObject) {
  EXPECT_EQ(show("just text\n"),
            "1: this document is not a Kubernetes object but a plain value [meta/not-an-object]\n");
  EXPECT_EQ(show("kind: Pod\n"), "1: apiVersion is missing [meta/missing-api-version]\n");
  EXPECT_EQ(show("apiVersion: v1\n"), "1: kind is missing [meta/missing-kind]\n");
  EXPECT_EQ(show("apiVersion: v1\nkind: 3\nmetadata: {name: a}\n"),
            "2: kind is not text [meta/missing-kind]\n");
  EXPECT_EQ(show("apiVersion: v1\nkind: Pod\nmetadata: {}\n"),
            "3: metadata.name is missing [meta/missing-name]\n");
}

}  // namespace
}  // namespace sluice::k8s
