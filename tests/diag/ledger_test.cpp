// SPDX-License-Identifier: Apache-2.0
#include "diag/write.hpp"
#include "support/hostile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sluice::diag {
namespace {

const std::string digest(64, 'a');
const std::string header = "env\tunit\tobject\tdigest\tstatus\n";

TEST(Ledger, ReadsBackWhatItWrote) {
  const std::string bad = sluice::test::hostile;
  Report report;
  report.ledger = {{"prod", "apps/iris", "apps/v1/Deployment/prod/web", digest, "checked"},
                   {bad, bad, bad, digest, "skipped: " + bad},
                   {"", "", "v1/Namespace/-/web", "", "skipped: no schema"}};
  const std::string text = to_ledger(report);
  const auto rows = read_ledger(text);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(*rows, report.ledger);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST(Ledger, AnEmptyOneIsItsHeader) {
  EXPECT_EQ(to_ledger({}), header);
  const auto rows = read_ledger(header);
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
}

TEST(ReadLedger, Rejects) {
  const std::string good = "e\tu\to\t" + digest + "\tchecked";
  const std::string rows[] = {
      "",
      header.substr(0, 10),
      "apiVersion: v1\n",
      header + good,  // cut off
      header + good + "\tmore\n",
      header + "e\tu\to\tchecked\n",
      header + "e\tu\to\tabc\tchecked\n",
      header + "e\tu\to\t\tchecked\n",
      header + "e\tu\to\t" + std::string(64, 'A') + "\tchecked\n",
      header + "e\tu\to\t" + digest + "\tskipped\n",
      header + "e\tu\t\t" + digest + "\tchecked\n",
      header + "\n",
      header + good + "\n\n",
  };
  for (const std::string& text : rows) {
    SCOPED_TRACE(text);
    const auto read = read_ledger(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, Error::Kind::parse);
  }
}

TEST(ReadLedger, NamesTheLine) {
  const auto read = read_ledger(header + "e\tu\to\t" + digest + "\tchecked\ne\n");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "ledger line 3: 1 cells in place of 5");
}

}  // namespace
}  // namespace sluice::diag
