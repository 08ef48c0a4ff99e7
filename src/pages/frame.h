// Frame: what stands around every page. Head, skip link, clock, navigation, languages, footer.
//
//   Html body;
//   body.element("h1", say("sources.title"));
//   return framed(context, {.title = say("sources.title"), .area = "/sources"}, body);
//
// A link keeps the reader's choices: address() carries lang, theme, tz, mode and asof along.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pages/html_writer.h"
#include "pages/site.h"

namespace lightsout {

struct Frame {
  std::string title;           // plain text, for the window; the page has its own h1
  std::string_view area = {};  // the entry of the navigation that it belongs to: "/incidents"
  bool semi_synthetic = false;
  int status = 200;
  int max_age = 60;
  std::string description = {};  // one sentence, for search engines and previews
  std::string feed = {};         // path of an Atom feed of this page
  std::string lite = {};         // path of the same for narrow lines
  bool print = false;            // navigation and footer left away
  bool live = false;             // with a script, drawn anew when /stream tells of something
};

// For <html lang>: the pseudo-locale is English in a private way (RFC 5646 section 2.2.7).
std::string tag_of(const Language& language);

WebResponse framed(const PageContext& context, const Frame& frame, const Html& body);

// A page that says what is wrong and what to do. `sentence` is plain text in the reader's language.
WebResponse page_problem(const PageContext& context, int status, std::string_view sentence);
// The same for an Error of ours.
WebResponse page_problem(const PageContext& context, const Error& error);

using QueryChanges = std::initializer_list<std::pair<std::string_view, std::string>>;

// A path of ours with the reader's choices kept and `changes` made; an empty value takes one away.
std::string address(const PageContext& context, std::string_view path, QueryChanges changes = {});
// This page again, with its whole query kept but for the changes.
std::string same_page(const PageContext& context, QueryChanges changes);

// "/country/KZ", "/network/AS9198/in/KZ", "/country/VE/region/VE-Zulia", "/services/KZ".
std::string path_of(const Entity& entity);

// The style sheet, and the path it is served at, which changes with its text.
std::string_view site_style();
const std::string& style_path();
WebResponse show_style(const PageContext& context);
WebResponse show_icon(const PageContext& context);

}  // namespace lightsout
