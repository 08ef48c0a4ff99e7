// SPDX-License-Identifier: Apache-2.0
#include "io/request_head.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

std::string head(const std::string& lines) {
  return "GET / HTTP/1.1\r\n" + lines + "\r\n";
}

TEST(RequestHead, WhatBrowsersSendIsLetThrough) {
  for (const std::string& text :
       {head("Host: a\r\n"), head("host:a\r\nAccept: */*\r\nX-Empty:\r\n"),
        head("Host: [::1]:8080\r\nContent-Length: 0\r\n"), std::string("GET / HTTP/1.0\r\n\r\n"),
        std::string("HEAD /a?b=c%20d HTTP/1.1\r\nHost: a\r\n\r\n"),
        head("Host: a\r\nX: t\xc3\xa9xt\tand more\r\n")}) {
    const auto refusal = check_request_head(text, 64);
    EXPECT_FALSE(refusal.has_value()) << text << (refusal ? refusal->sentence : "");
  }
}

// The corpus is that of the known ways to make a proxy and a server disagree: RFC 9112 section 11.2
// and the variations that James Kettle published ("HTTP Desync Attacks", 2019).
TEST(RequestHead, WhatTwoProgramsCouldReadDifferentlyIsRefused) {
  const std::string cases[] = {
      head("Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
      head("Host: a\r\nTransfer-Encoding: chunked\r\n"),
      head("Host: a\r\nTransfer-Encoding: xchunked\r\n"),
      head("Host: a\r\nTransfer-Encoding: identity\r\nContent-Length: 3\r\n"),
      head("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"),
      head("Host: a\r\nTransfer-Encoding : chunked\r\n"),
      head("Host: a\r\n Transfer-Encoding: chunked\r\n"),
      head("Host: a\r\nX: b\r\n\tTransfer-Encoding: chunked\r\n"),
      head("Host: a\r\nTransfer-Encoding:\x0b"
           "chunked\r\n"),
      head("Host: a\r\nX: y\nTransfer-Encoding: chunked\r\n"),
      head("Host: a\r\nX: y\rTransfer-Encoding: chunked\r\n"),
      head("Host: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n"),
      head("Host: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n"),
      head("Host: a\r\nContent-Length: +4\r\n"),
      head("Host: a\r\nContent-Length: -1\r\n"),
      head("Host: a\r\nContent-Length: 0x4\r\n"),
      head("Host: a\r\nContent-Length: 4, 4\r\n"),
      head("Host: a\r\nContent-Length: 9999999999999999999\r\n"),
      head("Host: a\r\nContent-Length:\r\n"),
      head("Host: a\r\nHost: b\r\n"),
      head(""),
      head("Host: a\r\n: no name\r\n"),
      head("Host: a\r\nno colon\r\n"),
      head("Host: a\r\nX Y: blank in a name\r\n"),
      head(std::string("Host: a\r\nX: nul\0byte\r\n", 22)),
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET / http/1.1\r\nHost: a\r\n\r\n",
      "GET /\r\n\r\n",
  };
  for (const std::string& text : cases) {
    const auto refusal = check_request_head(text, 64);
    ASSERT_TRUE(refusal.has_value()) << text;
    EXPECT_TRUE(refusal->status == 400 || refusal->status == 505) << text;
    EXPECT_GT(refusal->sentence.size(), 20u);
  }
}

TEST(RequestHead, OneHeaderTooManyIsRefused) {
  std::string lines = "Host: a\r\n";
  for (int i = 1; i < 64; ++i) lines += "X: y\r\n";
  EXPECT_FALSE(check_request_head(head(lines), 64).has_value());
  const auto refusal = check_request_head(head(lines + "X: y\r\n"), 64);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->status, 431);
}

TEST(RequestHead, TheEndIsFoundHoweverTheBytesArrive) {
  const std::string text = head("Host: a\r\n") + "next";
  for (std::size_t first = 0; first < text.size(); ++first) {
    const std::size_t early = end_of_head(std::string_view(text).substr(0, first), 0);
    if (early != 0) break;
    EXPECT_EQ(end_of_head(text, first), text.size() - 4) << first;
  }
  EXPECT_EQ(end_of_head("GET / HTTP/1.1\n", 0), std::string_view::npos);
  EXPECT_EQ(end_of_head("GET / HTTP/1.1\r\nHost: a\r\n", 0), 0u);
}

}  // namespace
}  // namespace lightsout
