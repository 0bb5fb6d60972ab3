// SPDX-License-Identifier: Apache-2.0
#include "cli/set.hpp"
#include "promote/commands.hpp"
#include "promote/run.hpp"

#include <memory>

namespace sluice::promote {

namespace {

using cli::Arity;
using cli::Flag;
using cli::into;
using cli::turn_on;
using Flags = std::vector<Flag>;

void append(Flags& flags, Flags more) {
  flags.insert(flags.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

/// Where the repository is, and how it is reached.
Flags reach(Settings& o) {
  return {
      {"repository", 0, Arity::one, "URL",
       "Work on this repository: an address (https, ssh, file), a bare repository, or a folder, "
       "whose files are then changed in place (default: .)",
       into(o.repository)},
      {"branch", 0, Arity::one, "NAME", "Work on this branch (default: main)", into(o.branch)},
      {"cache", 0, Arity::one, "DIR",
       "Keep copies of repositories here (default: ~/.cache/sluice/git)", into(o.cache_dir)},
      {"token-file", 0, Arity::one, "FILE",
       "Read the token for HTTPS from FILE (default: the variable SLUICE_GIT_TOKEN)",
       into(o.token_file)},
      {"ssh-key", 0, Arity::one, "FILE", "Use this private key for SSH (default: the agent)",
       into(o.ssh_key)},
      {"known-hosts", 0, Arity::one, "FILE",
       "Believe only these host keys (default: ~/.ssh/known_hosts)", into(o.known_hosts)},
      {"ca-file", 0, Arity::one, "FILE", "Believe these certificates (PEM)", into(o.ca_file)},
      {"proxy", 0, Arity::one, "URL", "Use this proxy; auto: what *_proxy variables say",
       into(o.proxy)},
      {"timeout", 0, Arity::one, "TIME", "Give up a server that is silent for so long (30s)",
       into(o.timeout)},
  };
}

/// How a commit is made and pushed.
Flags commit(Settings& o) {
  return {
      {"dry-run", 0, Arity::switch_on, "", "Print the change as a diff, and change nothing",
       turn_on(o.dry_run)},
      {"no-check", 0, Arity::switch_on, "",
       "Push without rendering and judging the result first; the commit says so",
       turn_on(o.no_check)},
      {"author", 0, Arity::one, "PERSON", "The commit's author: \"Ada <ada@example.com>\"",
       into(o.author)},
      {"sign",
       0,
       Arity::one,
       "FORMAT",
       "Sign the commit",
       into(o.signing_format),
       {"ssh", "gpg", "none"}},
      {"signing-key", 0, Arity::one, "KEY", "Sign with this file (ssh) or key id (gpg)",
       into(o.signing_key)},
      {"pull-request", 0, Arity::switch_on, "",
       "Push to a branch of its own and open a pull or merge request into --branch; a second run "
       "finds it again",
       turn_on(o.pull_request)},
      {"push-with",
       0,
       Arity::one,
       "WAY",
       "Push with Git (default), or let the forge's API make and sign the commit",
       into(o.push_with),
       {"git", "api"}},
      {"forge",
       0,
       Arity::one,
       "KIND",
       "The repository's forge, where its host does not say it",
       into(o.forge),
       {"github", "gitlab"}},
      {"forge-url", 0, Arity::one, "URL",
       "The forge's API (default: by the host; a token from SLUICE_FORGE_TOKEN, else Git's)",
       into(o.forge_url)},
      {"project", 0, Arity::one, "PATH", "The project on the forge (default: by the address)",
       into(o.project)},
      {"tries", 0, Arity::one, "N", "Push at most N times when others are quicker (20)",
       into(o.tries)},
  };
}

Flags set_flags(Settings& o) {
  Flags flags = {
      {"to", 0, Arity::one, "ENV", "Promote to this environment", into(o.to)},
      {"from", 0, Arity::one, "ENV",
       "Take the version from this environment, where none is given (default: the one before)",
       into(o.from)},
      {"image", 0, Arity::repeatable, "NAME[:TAG][@DIGEST]",
       "Promote this image; without a version, the one that the environment before holds",
       into(o.images)},
      {"model", 0, Arity::repeatable, "NAME[=URI]", "Promote this model", into(o.models)},
      {"set", 0, Arity::repeatable, "FILE:PATH=VALUE", "Set one value by its place", into(o.sets)},
      {"all-places", 0, Arity::switch_on, "",
       "Change every place where the image stands; else several are an error",
       turn_on(o.all_places)},
      {"object", 0, Arity::one, "KIND/NAME", "Only in this object", into(o.object)},
      {"container", 0, Arity::one, "NAME", "Only in this container", into(o.container)},
      {"evidence", 0, Arity::repeatable, "FILE",
       "A gate's verdict for exactly this digest (sluice.evidence/v1)", into(o.evidence)},
      {"source-commit", 0, Arity::one, "ID", "The commit that the image was built from; recorded",
       into(o.source_commit)},
      {"expect-old", 0, Arity::one, "VERSION",
       "Refuse if something else stands there than this version", into(o.expect_old)},
      {"allow-downgrade", 0, Arity::switch_on, "", "Allow a version that is older",
       turn_on(o.allow_downgrade)},
  };
  append(flags, commit(o));
  append(flags, reach(o));
  return flags;
}

Flags environment(Settings& o) {
  return {
      {"env", 0, Arity::one, "ENV", "The environment that is meant", into(o.to)},
      {"image", 0, Arity::repeatable, "NAME", "Only this image", into(o.images)},
      {"model", 0, Arity::repeatable, "NAME", "Only this model", into(o.models)},
  };
}

Flags rollback_flags(Settings& o) {
  Flags flags = environment(o);
  append(flags, {{"reason", 0, Arity::one, "TEXT", "Why; kept in the hold and in the commit",
                  into(o.reason)},
                 {"no-hold", 0, Arity::switch_on, "",
                  "Leave no hold behind: the next promotion may bring the version back",
                  turn_on(o.no_hold)}});
  append(flags, commit(o));
  append(flags, reach(o));
  return flags;
}

Flags hold_flags(Settings& o) {
  Flags flags = environment(o);
  append(flags, {{"reason", 0, Arity::one, "TEXT", "Why; shown to whoever is stopped by it",
                  into(o.reason)}});
  append(flags, commit(o));
  std::erase_if(flags, [](const Flag& flag) { return flag.name == "no-check"; });
  append(flags, reach(o));
  return flags;
}

Flags release_flags(Settings& o) {
  Flags flags = hold_flags(o);
  std::erase_if(flags, [](const Flag& flag) { return flag.name == "reason"; });
  return flags;
}

Flags status_flags(Settings& o) {
  Flags flags = {
      {"env", 0, Arity::repeatable, "ENV", "Only this environment", into(o.environments)},
      {"image", 0, Arity::repeatable, "NAME", "Only this image", into(o.images)},
  };
  append(flags, reach(o));
  return flags;
}

Flags check_flags(Settings& o) {
  return {{"base", 0, Arity::one, "DIR", "Compare with the state in this folder", into(o.base)}};
}

using Run = Result<diag::Report> (*)(const Settings&, const cli::Common&, std::ostream&);

cli::Command command(const std::shared_ptr<Settings>& options, cli::Command rows, Run run) {
  rows.run = [options, run](const cli::Common& common, std::ostream& product) {
    return run(*options, common, product);
  };
  return rows;
}

}  // namespace

cli::Tool tool() {
  const auto o = std::make_shared<Settings>();
  cli::Tool tool{
      .name = "sluice-promote",
      .summary = "Carries a released image or model to the next environment, by one commit",
      .product = cli::Product::data,
      .examples =
          "# what would change\n"
          "sluice-promote set --dry-run --to prod "
          "--set services/embedding-api/values.yaml:image.tag=2.4.0\n"
          "# which version is where, and what holds it\n"
          "sluice-promote status\n"
          "# may the work tree be merged, as far as the order of environments goes\n"
          "sluice-git export --rev main --out /tmp/main\n"
          "sluice-promote check --base /tmp/main .\n",
      .usual = "set"};
  tool.commands = {
      command(
          o,
          {.name = "set",
           .synopsis = "--to ENV --image NAME:TAG... [--repository URL]",
           .help = "Changes a version in the files of an environment, and no other byte, and "
                   "pushes one commit. Refuses what sluice.yaml does not allow: a version that "
                   "the environments before do not hold, a freeze, a hold, a missing verdict, a "
                   "step back. When somebody else pushes first, the change is evaluated again on "
                   "what they pushed. What is so already is left alone, and is a success. `set` "
                   "may be left out.",
           .flags = set_flags(*o)},
          run_set),
      command(o,
              {.name = "status",
               .synopsis = "[--env ENV]... [--repository URL]",
               .help = "Prints which version is where, since when, by which commit, and what holds "
                       "it. A folder shows no history.",
               .flags = status_flags(*o)},
              run_status),
      command(o,
              {.name = "rollback",
               .synopsis = "--env ENV [--image NAME]... --repository URL",
               .help = "Goes back to the version that stood there before, as the history of the "
                       "branch records it, and puts a hold on it, so that the next promotion does "
                       "not bring the other one back. Without --image, what the last promotion to "
                       "the environment promoted goes back.",
               .flags = rollback_flags(*o)},
              run_rollback),
      command(o,
              {.name = "hold",
               .synopsis = "--env ENV --reason TEXT [--image NAME]... [--repository URL]",
               .help = "Keeps promotions from an environment, or from single images in it, until "
                       "they are released: a line in a file .promote-hold beside the values.",
               .flags = hold_flags(*o)},
              run_hold),
      command(o,
              {.name = "release",
               .synopsis = "--env ENV [--image NAME]... [--repository URL]",
               .help = "Ends a hold. Comments (# promote: hold) stay: take them out by hand.",
               .flags = release_flags(*o)},
              run_release),
      command(o,
              {.name = "check",
               .synopsis = "[ROOT] [--base DIR]",
               .help = "Says whether a change keeps the order of environments: what is new in one "
                       "must be in those before it, and neither held nor frozen. The last stage of "
                       "the chain, for changes that are not made by `set`.",
               .flags = check_flags(*o)},
              run_check)};
  return tool;
}

}  // namespace sluice::promote
