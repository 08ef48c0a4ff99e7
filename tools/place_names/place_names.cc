// place_names LANGUAGE: the names of countries and of the cities that time zones are called after,
// as messages. What CLDR says (Unicode Common Locale Data Repository, Unicode licence v3), by way
// of the ICU that is installed; tools/place_names/run writes messages/*/place-names.messages with
// it.
//
// SPDX-License-Identifier: Apache-2.0
#include <unicode/locid.h>
#include <unicode/tznames.h>
#include <unicode/ulocdata.h>
#include <unicode/unistr.h>

#include <iostream>
#include <memory>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "place_names LANGUAGE < lines of \"KZ Asia/Almaty\"\n";
    return 2;
  }
  const icu::Locale language(argv[1]);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::TimeZoneNames> zones(
      icu::TimeZoneNames::createInstance(language, status));
  UVersionInfo version;
  ulocdata_getCLDRVersion(version, &status);
  if (U_FAILURE(status) != 0) {
    std::cerr << "ICU: " << u_errorName(status) << '\n';
    return 1;
  }
  std::cout << "# Made by tools/place_names/run from CLDR " << int(version[0])
            << " (Unicode licence).\n";
  std::string alpha2;
  std::string zone;
  while (std::cin >> alpha2 >> zone) {
    icu::UnicodeString name;
    icu::Locale("", alpha2.c_str()).getDisplayCountry(language, name);
    std::string text;
    std::cout << "country-name." << alpha2 << " = " << name.toUTF8String(text) << '\n';
    icu::UnicodeString city;
    zones->getExemplarLocationName(icu::UnicodeString(zone.c_str()), city);
    if (city.isBogus() != 0 || city.isEmpty() != 0) continue;
    text.clear();
    std::cout << "city." << zone << " = " << city.toUTF8String(text) << '\n';
  }
  return 0;
}
