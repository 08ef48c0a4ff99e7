// SPDX-License-Identifier: Apache-2.0
#include "geo/country.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

namespace {

// Codes: ISO 3166-1. Zones and whether their clocks differ: the tz database (zone.tab, public
// domain). Bouvet Island and Heard Island have no inhabitants and no zone there: UTC. Where a
// country has several zones, the one of its capital; for Palestine the one of Ramallah.
// clang-format off
constexpr Country kCountries[] = {
    {"AD", "AND", "Andorra", "Andorra", "Europe/Andorra", false},
    {"AE", "ARE", "the United Arab Emirates", "United Arab Emirates", "Asia/Dubai", false},
    {"AF", "AFG", "Afghanistan", "Afghanistan", "Asia/Kabul", false},
    {"AG", "ATG", "Antigua and Barbuda", "Antigua and Barbuda", "America/Antigua", false},
    {"AI", "AIA", "Anguilla", "Anguilla", "America/Anguilla", false},
    {"AL", "ALB", "Albania", "Albania", "Europe/Tirane", false},
    {"AM", "ARM", "Armenia", "Armenia", "Asia/Yerevan", false},
    {"AO", "AGO", "Angola", "Angola", "Africa/Luanda", false},
    {"AQ", "ATA", "Antarctica", "Antarctica", "Antarctica/McMurdo", true},
    {"AR", "ARG", "Argentina", "Argentina", "America/Argentina/Buenos_Aires", false},
    {"AS", "ASM", "American Samoa", "American Samoa", "Pacific/Pago_Pago", false},
    {"AT", "AUT", "Austria", "Austria", "Europe/Vienna", false},
    {"AU", "AUS", "Australia", "Australia", "Australia/Sydney", true},
    {"AW", "ABW", "Aruba", "Aruba", "America/Aruba", false},
    {"AX", "ALA", "the Åland Islands", "Åland Islands", "Europe/Mariehamn", false},
    {"AZ", "AZE", "Azerbaijan", "Azerbaijan", "Asia/Baku", false},
    {"BA", "BIH", "Bosnia and Herzegovina", "Bosnia and Herzegovina", "Europe/Sarajevo", false},
    {"BB", "BRB", "Barbados", "Barbados", "America/Barbados", false},
    {"BD", "BGD", "Bangladesh", "Bangladesh", "Asia/Dhaka", false},
    {"BE", "BEL", "Belgium", "Belgium", "Europe/Brussels", false},
    {"BF", "BFA", "Burkina Faso", "Burkina Faso", "Africa/Ouagadougou", false},
    {"BG", "BGR", "Bulgaria", "Bulgaria", "Europe/Sofia", false},
    {"BH", "BHR", "Bahrain", "Bahrain", "Asia/Bahrain", false},
    {"BI", "BDI", "Burundi", "Burundi", "Africa/Bujumbura", false},
    {"BJ", "BEN", "Benin", "Benin", "Africa/Porto-Novo", false},
    {"BL", "BLM", "Saint Barthélemy", "Saint Barthélemy", "America/St_Barthelemy", false},
    {"BM", "BMU", "Bermuda", "Bermuda", "Atlantic/Bermuda", false},
    {"BN", "BRN", "Brunei", "Brunei", "Asia/Brunei", false},
    {"BO", "BOL", "Bolivia", "Bolivia", "America/La_Paz", false},
    {"BQ", "BES", "Bonaire, Sint Eustatius and Saba", "Bonaire, Sint Eustatius and Saba", "America/Kralendijk", false},
    {"BR", "BRA", "Brazil", "Brazil", "America/Sao_Paulo", true},
    {"BS", "BHS", "the Bahamas", "Bahamas", "America/Nassau", false},
    {"BT", "BTN", "Bhutan", "Bhutan", "Asia/Thimphu", false},
    {"BV", "BVT", "Bouvet Island", "Bouvet Island", "Etc/UTC", false},
    {"BW", "BWA", "Botswana", "Botswana", "Africa/Gaborone", false},
    {"BY", "BLR", "Belarus", "Belarus", "Europe/Minsk", false},
    {"BZ", "BLZ", "Belize", "Belize", "America/Belize", false},
    {"CA", "CAN", "Canada", "Canada", "America/Toronto", true},
    {"CC", "CCK", "the Cocos Islands", "Cocos Islands", "Indian/Cocos", false},
    {"CD", "COD", "the Democratic Republic of the Congo", "DR Congo", "Africa/Kinshasa", true},
    {"CF", "CAF", "the Central African Republic", "Central African Republic", "Africa/Bangui", false},
    {"CG", "COG", "the Republic of the Congo", "Republic of the Congo", "Africa/Brazzaville", false},
    {"CH", "CHE", "Switzerland", "Switzerland", "Europe/Zurich", false},
    {"CI", "CIV", "Côte d'Ivoire", "Côte d'Ivoire", "Africa/Abidjan", false},
    {"CK", "COK", "the Cook Islands", "Cook Islands", "Pacific/Rarotonga", false},
    {"CL", "CHL", "Chile", "Chile", "America/Santiago", true},
    {"CM", "CMR", "Cameroon", "Cameroon", "Africa/Douala", false},
    {"CN", "CHN", "China", "China", "Asia/Shanghai", true},
    {"CO", "COL", "Colombia", "Colombia", "America/Bogota", false},
    {"CR", "CRI", "Costa Rica", "Costa Rica", "America/Costa_Rica", false},
    {"CU", "CUB", "Cuba", "Cuba", "America/Havana", false},
    {"CV", "CPV", "Cape Verde", "Cape Verde", "Atlantic/Cape_Verde", false},
    {"CW", "CUW", "Curaçao", "Curaçao", "America/Curacao", false},
    {"CX", "CXR", "Christmas Island", "Christmas Island", "Indian/Christmas", false},
    {"CY", "CYP", "Cyprus", "Cyprus", "Asia/Nicosia", true},
    {"CZ", "CZE", "Czechia", "Czechia", "Europe/Prague", false},
    {"DE", "DEU", "Germany", "Germany", "Europe/Berlin", false},
    {"DJ", "DJI", "Djibouti", "Djibouti", "Africa/Djibouti", false},
    {"DK", "DNK", "Denmark", "Denmark", "Europe/Copenhagen", false},
    {"DM", "DMA", "Dominica", "Dominica", "America/Dominica", false},
    {"DO", "DOM", "the Dominican Republic", "Dominican Republic", "America/Santo_Domingo", false},
    {"DZ", "DZA", "Algeria", "Algeria", "Africa/Algiers", false},
    {"EC", "ECU", "Ecuador", "Ecuador", "America/Guayaquil", true},
    {"EE", "EST", "Estonia", "Estonia", "Europe/Tallinn", false},
    {"EG", "EGY", "Egypt", "Egypt", "Africa/Cairo", false},
    {"EH", "ESH", "Western Sahara", "Western Sahara", "Africa/El_Aaiun", false},
    {"ER", "ERI", "Eritrea", "Eritrea", "Africa/Asmara", false},
    {"ES", "ESP", "Spain", "Spain", "Europe/Madrid", true},
    {"ET", "ETH", "Ethiopia", "Ethiopia", "Africa/Addis_Ababa", false},
    {"FI", "FIN", "Finland", "Finland", "Europe/Helsinki", false},
    {"FJ", "FJI", "Fiji", "Fiji", "Pacific/Fiji", false},
    {"FK", "FLK", "the Falkland Islands", "Falkland Islands", "Atlantic/Stanley", false},
    {"FM", "FSM", "Micronesia", "Micronesia", "Pacific/Pohnpei", true},
    {"FO", "FRO", "the Faroe Islands", "Faroe Islands", "Atlantic/Faroe", false},
    {"FR", "FRA", "France", "France", "Europe/Paris", false},
    {"GA", "GAB", "Gabon", "Gabon", "Africa/Libreville", false},
    {"GB", "GBR", "the United Kingdom", "United Kingdom", "Europe/London", false},
    {"GD", "GRD", "Grenada", "Grenada", "America/Grenada", false},
    {"GE", "GEO", "Georgia", "Georgia", "Asia/Tbilisi", false},
    {"GF", "GUF", "French Guiana", "French Guiana", "America/Cayenne", false},
    {"GG", "GGY", "Guernsey", "Guernsey", "Europe/Guernsey", false},
    {"GH", "GHA", "Ghana", "Ghana", "Africa/Accra", false},
    {"GI", "GIB", "Gibraltar", "Gibraltar", "Europe/Gibraltar", false},
    {"GL", "GRL", "Greenland", "Greenland", "America/Nuuk", true},
    {"GM", "GMB", "the Gambia", "Gambia", "Africa/Banjul", false},
    {"GN", "GIN", "Guinea", "Guinea", "Africa/Conakry", false},
    {"GP", "GLP", "Guadeloupe", "Guadeloupe", "America/Guadeloupe", false},
    {"GQ", "GNQ", "Equatorial Guinea", "Equatorial Guinea", "Africa/Malabo", false},
    {"GR", "GRC", "Greece", "Greece", "Europe/Athens", false},
    {"GS", "SGS", "South Georgia and the South Sandwich Islands", "South Georgia and the South Sandwich Islands", "Atlantic/South_Georgia", false},
    {"GT", "GTM", "Guatemala", "Guatemala", "America/Guatemala", false},
    {"GU", "GUM", "Guam", "Guam", "Pacific/Guam", false},
    {"GW", "GNB", "Guinea-Bissau", "Guinea-Bissau", "Africa/Bissau", false},
    {"GY", "GUY", "Guyana", "Guyana", "America/Guyana", false},
    {"HK", "HKG", "Hong Kong", "Hong Kong", "Asia/Hong_Kong", false},
    {"HM", "HMD", "Heard Island and McDonald Islands", "Heard Island and McDonald Islands", "Etc/UTC", false},
    {"HN", "HND", "Honduras", "Honduras", "America/Tegucigalpa", false},
    {"HR", "HRV", "Croatia", "Croatia", "Europe/Zagreb", false},
    {"HT", "HTI", "Haiti", "Haiti", "America/Port-au-Prince", false},
    {"HU", "HUN", "Hungary", "Hungary", "Europe/Budapest", false},
    {"ID", "IDN", "Indonesia", "Indonesia", "Asia/Jakarta", true},
    {"IE", "IRL", "Ireland", "Ireland", "Europe/Dublin", false},
    {"IL", "ISR", "Israel", "Israel", "Asia/Jerusalem", false},
    {"IM", "IMN", "the Isle of Man", "Isle of Man", "Europe/Isle_of_Man", false},
    {"IN", "IND", "India", "India", "Asia/Kolkata", false},
    {"IO", "IOT", "the British Indian Ocean Territory", "British Indian Ocean Territory", "Indian/Chagos", false},
    {"IQ", "IRQ", "Iraq", "Iraq", "Asia/Baghdad", false},
    {"IR", "IRN", "Iran", "Iran", "Asia/Tehran", false},
    {"IS", "ISL", "Iceland", "Iceland", "Atlantic/Reykjavik", false},
    {"IT", "ITA", "Italy", "Italy", "Europe/Rome", false},
    {"JE", "JEY", "Jersey", "Jersey", "Europe/Jersey", false},
    {"JM", "JAM", "Jamaica", "Jamaica", "America/Jamaica", false},
    {"JO", "JOR", "Jordan", "Jordan", "Asia/Amman", false},
    {"JP", "JPN", "Japan", "Japan", "Asia/Tokyo", false},
    {"KE", "KEN", "Kenya", "Kenya", "Africa/Nairobi", false},
    {"KG", "KGZ", "Kyrgyzstan", "Kyrgyzstan", "Asia/Bishkek", false},
    {"KH", "KHM", "Cambodia", "Cambodia", "Asia/Phnom_Penh", false},
    {"KI", "KIR", "Kiribati", "Kiribati", "Pacific/Tarawa", true},
    {"KM", "COM", "the Comoros", "Comoros", "Indian/Comoro", false},
    {"KN", "KNA", "Saint Kitts and Nevis", "Saint Kitts and Nevis", "America/St_Kitts", false},
    {"KP", "PRK", "North Korea", "North Korea", "Asia/Pyongyang", false},
    {"KR", "KOR", "South Korea", "South Korea", "Asia/Seoul", false},
    {"KW", "KWT", "Kuwait", "Kuwait", "Asia/Kuwait", false},
    {"KY", "CYM", "the Cayman Islands", "Cayman Islands", "America/Cayman", false},
    {"KZ", "KAZ", "Kazakhstan", "Kazakhstan", "Asia/Almaty", true},
    {"LA", "LAO", "Laos", "Laos", "Asia/Vientiane", false},
    {"LB", "LBN", "Lebanon", "Lebanon", "Asia/Beirut", false},
    {"LC", "LCA", "Saint Lucia", "Saint Lucia", "America/St_Lucia", false},
    {"LI", "LIE", "Liechtenstein", "Liechtenstein", "Europe/Vaduz", false},
    {"LK", "LKA", "Sri Lanka", "Sri Lanka", "Asia/Colombo", false},
    {"LR", "LBR", "Liberia", "Liberia", "Africa/Monrovia", false},
    {"LS", "LSO", "Lesotho", "Lesotho", "Africa/Maseru", false},
    {"LT", "LTU", "Lithuania", "Lithuania", "Europe/Vilnius", false},
    {"LU", "LUX", "Luxembourg", "Luxembourg", "Europe/Luxembourg", false},
    {"LV", "LVA", "Latvia", "Latvia", "Europe/Riga", false},
    {"LY", "LBY", "Libya", "Libya", "Africa/Tripoli", false},
    {"MA", "MAR", "Morocco", "Morocco", "Africa/Casablanca", false},
    {"MC", "MCO", "Monaco", "Monaco", "Europe/Monaco", false},
    {"MD", "MDA", "Moldova", "Moldova", "Europe/Chisinau", false},
    {"ME", "MNE", "Montenegro", "Montenegro", "Europe/Podgorica", false},
    {"MF", "MAF", "Saint Martin", "Saint Martin", "America/Marigot", false},
    {"MG", "MDG", "Madagascar", "Madagascar", "Indian/Antananarivo", false},
    {"MH", "MHL", "the Marshall Islands", "Marshall Islands", "Pacific/Majuro", false},
    {"MK", "MKD", "North Macedonia", "North Macedonia", "Europe/Skopje", false},
    {"ML", "MLI", "Mali", "Mali", "Africa/Bamako", false},
    {"MM", "MMR", "Myanmar", "Myanmar", "Asia/Yangon", false},
    {"MN", "MNG", "Mongolia", "Mongolia", "Asia/Ulaanbaatar", true},
    {"MO", "MAC", "Macao", "Macao", "Asia/Macau", false},
    {"MP", "MNP", "the Northern Mariana Islands", "Northern Mariana Islands", "Pacific/Saipan", false},
    {"MQ", "MTQ", "Martinique", "Martinique", "America/Martinique", false},
    {"MR", "MRT", "Mauritania", "Mauritania", "Africa/Nouakchott", false},
    {"MS", "MSR", "Montserrat", "Montserrat", "America/Montserrat", false},
    {"MT", "MLT", "Malta", "Malta", "Europe/Malta", false},
    {"MU", "MUS", "Mauritius", "Mauritius", "Indian/Mauritius", false},
    {"MV", "MDV", "the Maldives", "Maldives", "Indian/Maldives", false},
    {"MW", "MWI", "Malawi", "Malawi", "Africa/Blantyre", false},
    {"MX", "MEX", "Mexico", "Mexico", "America/Mexico_City", true},
    {"MY", "MYS", "Malaysia", "Malaysia", "Asia/Kuala_Lumpur", false},
    {"MZ", "MOZ", "Mozambique", "Mozambique", "Africa/Maputo", false},
    {"NA", "NAM", "Namibia", "Namibia", "Africa/Windhoek", false},
    {"NC", "NCL", "New Caledonia", "New Caledonia", "Pacific/Noumea", false},
    {"NE", "NER", "Niger", "Niger", "Africa/Niamey", false},
    {"NF", "NFK", "Norfolk Island", "Norfolk Island", "Pacific/Norfolk", false},
    {"NG", "NGA", "Nigeria", "Nigeria", "Africa/Lagos", false},
    {"NI", "NIC", "Nicaragua", "Nicaragua", "America/Managua", false},
    {"NL", "NLD", "the Netherlands", "Netherlands", "Europe/Amsterdam", false},
    {"NO", "NOR", "Norway", "Norway", "Europe/Oslo", false},
    {"NP", "NPL", "Nepal", "Nepal", "Asia/Kathmandu", false},
    {"NR", "NRU", "Nauru", "Nauru", "Pacific/Nauru", false},
    {"NU", "NIU", "Niue", "Niue", "Pacific/Niue", false},
    {"NZ", "NZL", "New Zealand", "New Zealand", "Pacific/Auckland", true},
    {"OM", "OMN", "Oman", "Oman", "Asia/Muscat", false},
    {"PA", "PAN", "Panama", "Panama", "America/Panama", false},
    {"PE", "PER", "Peru", "Peru", "America/Lima", false},
    {"PF", "PYF", "French Polynesia", "French Polynesia", "Pacific/Tahiti", true},
    {"PG", "PNG", "Papua New Guinea", "Papua New Guinea", "Pacific/Port_Moresby", true},
    {"PH", "PHL", "the Philippines", "Philippines", "Asia/Manila", false},
    {"PK", "PAK", "Pakistan", "Pakistan", "Asia/Karachi", false},
    {"PL", "POL", "Poland", "Poland", "Europe/Warsaw", false},
    {"PM", "SPM", "Saint Pierre and Miquelon", "Saint Pierre and Miquelon", "America/Miquelon", false},
    {"PN", "PCN", "the Pitcairn Islands", "Pitcairn Islands", "Pacific/Pitcairn", false},
    {"PR", "PRI", "Puerto Rico", "Puerto Rico", "America/Puerto_Rico", false},
    {"PS", "PSE", "Palestine", "Palestine", "Asia/Hebron", true},
    {"PT", "PRT", "Portugal", "Portugal", "Europe/Lisbon", true},
    {"PW", "PLW", "Palau", "Palau", "Pacific/Palau", false},
    {"PY", "PRY", "Paraguay", "Paraguay", "America/Asuncion", false},
    {"QA", "QAT", "Qatar", "Qatar", "Asia/Qatar", false},
    {"RE", "REU", "Réunion", "Réunion", "Indian/Reunion", false},
    {"RO", "ROU", "Romania", "Romania", "Europe/Bucharest", false},
    {"RS", "SRB", "Serbia", "Serbia", "Europe/Belgrade", false},
    {"RU", "RUS", "Russia", "Russia", "Europe/Moscow", true},
    {"RW", "RWA", "Rwanda", "Rwanda", "Africa/Kigali", false},
    {"SA", "SAU", "Saudi Arabia", "Saudi Arabia", "Asia/Riyadh", false},
    {"SB", "SLB", "the Solomon Islands", "Solomon Islands", "Pacific/Guadalcanal", false},
    {"SC", "SYC", "Seychelles", "Seychelles", "Indian/Mahe", false},
    {"SD", "SDN", "Sudan", "Sudan", "Africa/Khartoum", false},
    {"SE", "SWE", "Sweden", "Sweden", "Europe/Stockholm", false},
    {"SG", "SGP", "Singapore", "Singapore", "Asia/Singapore", false},
    {"SH", "SHN", "Saint Helena, Ascension and Tristan da Cunha", "Saint Helena, Ascension and Tristan da Cunha", "Atlantic/St_Helena", false},
    {"SI", "SVN", "Slovenia", "Slovenia", "Europe/Ljubljana", false},
    {"SJ", "SJM", "Svalbard and Jan Mayen", "Svalbard and Jan Mayen", "Arctic/Longyearbyen", false},
    {"SK", "SVK", "Slovakia", "Slovakia", "Europe/Bratislava", false},
    {"SL", "SLE", "Sierra Leone", "Sierra Leone", "Africa/Freetown", false},
    {"SM", "SMR", "San Marino", "San Marino", "Europe/San_Marino", false},
    {"SN", "SEN", "Senegal", "Senegal", "Africa/Dakar", false},
    {"SO", "SOM", "Somalia", "Somalia", "Africa/Mogadishu", false},
    {"SR", "SUR", "Suriname", "Suriname", "America/Paramaribo", false},
    {"SS", "SSD", "South Sudan", "South Sudan", "Africa/Juba", false},
    {"ST", "STP", "São Tomé and Príncipe", "São Tomé and Príncipe", "Africa/Sao_Tome", false},
    {"SV", "SLV", "El Salvador", "El Salvador", "America/El_Salvador", false},
    {"SX", "SXM", "Sint Maarten", "Sint Maarten", "America/Lower_Princes", false},
    {"SY", "SYR", "Syria", "Syria", "Asia/Damascus", false},
    {"SZ", "SWZ", "Eswatini", "Eswatini", "Africa/Mbabane", false},
    {"TC", "TCA", "the Turks and Caicos Islands", "Turks and Caicos Islands", "America/Grand_Turk", false},
    {"TD", "TCD", "Chad", "Chad", "Africa/Ndjamena", false},
    {"TF", "ATF", "the French Southern Territories", "French Southern Territories", "Indian/Kerguelen", false},
    {"TG", "TGO", "Togo", "Togo", "Africa/Lome", false},
    {"TH", "THA", "Thailand", "Thailand", "Asia/Bangkok", false},
    {"TJ", "TJK", "Tajikistan", "Tajikistan", "Asia/Dushanbe", false},
    {"TK", "TKL", "Tokelau", "Tokelau", "Pacific/Fakaofo", false},
    {"TL", "TLS", "Timor-Leste", "Timor-Leste", "Asia/Dili", false},
    {"TM", "TKM", "Turkmenistan", "Turkmenistan", "Asia/Ashgabat", false},
    {"TN", "TUN", "Tunisia", "Tunisia", "Africa/Tunis", false},
    {"TO", "TON", "Tonga", "Tonga", "Pacific/Tongatapu", false},
    {"TR", "TUR", "Türkiye", "Türkiye", "Europe/Istanbul", false},
    {"TT", "TTO", "Trinidad and Tobago", "Trinidad and Tobago", "America/Port_of_Spain", false},
    {"TV", "TUV", "Tuvalu", "Tuvalu", "Pacific/Funafuti", false},
    {"TW", "TWN", "Taiwan", "Taiwan", "Asia/Taipei", false},
    {"TZ", "TZA", "Tanzania", "Tanzania", "Africa/Dar_es_Salaam", false},
    {"UA", "UKR", "Ukraine", "Ukraine", "Europe/Kyiv", true},
    {"UG", "UGA", "Uganda", "Uganda", "Africa/Kampala", false},
    {"UM", "UMI", "the United States Minor Outlying Islands", "United States Minor Outlying Islands", "Pacific/Wake", true},
    {"US", "USA", "the United States", "United States", "America/New_York", true},
    {"UY", "URY", "Uruguay", "Uruguay", "America/Montevideo", false},
    {"UZ", "UZB", "Uzbekistan", "Uzbekistan", "Asia/Tashkent", false},
    {"VA", "VAT", "Vatican City", "Vatican City", "Europe/Vatican", false},
    {"VC", "VCT", "Saint Vincent and the Grenadines", "Saint Vincent and the Grenadines", "America/St_Vincent", false},
    {"VE", "VEN", "Venezuela", "Venezuela", "America/Caracas", false},
    {"VG", "VGB", "the British Virgin Islands", "British Virgin Islands", "America/Tortola", false},
    {"VI", "VIR", "the United States Virgin Islands", "United States Virgin Islands", "America/St_Thomas", false},
    {"VN", "VNM", "Vietnam", "Vietnam", "Asia/Ho_Chi_Minh", false},
    {"VU", "VUT", "Vanuatu", "Vanuatu", "Pacific/Efate", false},
    {"WF", "WLF", "Wallis and Futuna", "Wallis and Futuna", "Pacific/Wallis", false},
    {"WS", "WSM", "Samoa", "Samoa", "Pacific/Apia", false},
    {"XK", "XKX", "Kosovo", "Kosovo", "Europe/Belgrade", false},
    {"YE", "YEM", "Yemen", "Yemen", "Asia/Aden", false},
    {"YT", "MYT", "Mayotte", "Mayotte", "Indian/Mayotte", false},
    {"ZA", "ZAF", "South Africa", "South Africa", "Africa/Johannesburg", false},
    {"ZM", "ZMB", "Zambia", "Zambia", "Africa/Lusaka", false},
    {"ZW", "ZWE", "Zimbabwe", "Zimbabwe", "Africa/Harare", false},
};
// clang-format on

static_assert(std::is_sorted(std::begin(kCountries), std::end(kCountries),
                             [](const Country& a, const Country& b) {
                               return a.alpha2 < b.alpha2;
                             }));

// Services whose own spelling is not "first letter large".
struct ServiceName {
  std::string_view code;
  std::string_view name;
};
constexpr ServiceName kServiceNames[] = {
    {"bbc", "the BBC"},
    {"facebook_messenger", "Facebook Messenger"},
    {"linkedin", "LinkedIn"},
    {"tiktok", "TikTok"},
    {"vk", "VK"},
    {"whatsapp", "WhatsApp"},
    {"wikipedia", "Wikipedia"},
    {"x", "X"},
    {"youtube", "YouTube"},
};

std::string service_name(std::string_view code) {
  for (const ServiceName& known : kServiceNames) {
    if (known.code == code) return std::string(known.name);
  }
  std::string name(code);
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] -= 'a' - 'A';
  return name;
}

std::string country_name(std::string_view alpha2) {
  const Country* country = find_country(alpha2);
  return std::string(country == nullptr ? alpha2 : country->name);
}

// ISO 3166-2 codes have one to three letters or digits behind the dash; anything else is a name.
bool is_subdivision_code(std::string_view part) {
  return part.size() <= 3 && std::all_of(part.begin(), part.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

std::string region_name(const Entity& entity) {
  const std::string_view part = entity.code().substr(3);
  const std::string country = country_name(entity.country());
  if (is_subdivision_code(part)) return fmt::format("region {} of {}", entity.code(), country);
  std::string name(part);
  std::replace(name.begin(), name.end(), '_', ' ');
  return fmt::format("{} ({})", name, country);
}

}  // namespace

std::span<const Country> all_countries() {
  return kCountries;
}

const Country* find_country(std::string_view alpha2) {
  const auto* const found = std::lower_bound(
      std::begin(kCountries), std::end(kCountries), alpha2,
      [](const Country& country, std::string_view code) { return country.alpha2 < code; });
  return found != std::end(kCountries) && found->alpha2 == alpha2 ? found : nullptr;
}

const Country* find_country_alpha3(std::string_view alpha3) {
  const auto* const found =
      std::find_if(std::begin(kCountries), std::end(kCountries),
                   [&](const Country& country) { return country.alpha3 == alpha3; });
  return found != std::end(kCountries) ? found : nullptr;
}

std::string name_of(const Entity& entity) {
  const std::string_view country = entity.country();
  switch (entity.type()) {
    case EntityType::country:
      return country_name(country);
    case EntityType::region:
      return region_name(entity);
    case EntityType::asn:
      if (country.empty()) return fmt::format("AS{}", entity.asn().number);
      return fmt::format("AS{} in {}", entity.asn().number, country_name(country));
    case EntityType::service:
      break;
  }
  const std::string service = service_name(entity.code());
  if (!country.empty()) return fmt::format("{} in {}", service, country_name(country));
  if (entity.asn().number != 0) return fmt::format("{} on AS{}", service, entity.asn().number);
  return service;
}

std::string title_of(const Entity& entity) {
  if (entity.type() == EntityType::country) {
    const Country* country = find_country(entity.country());
    if (country != nullptr) return std::string(country->title);
  }
  std::string title = name_of(entity);
  if (title[0] >= 'a' && title[0] <= 'z') title[0] -= 'a' - 'A';
  return title;
}

}  // namespace lightsout
