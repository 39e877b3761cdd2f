#include "service/accounts/brands.hpp"

#include "crypto/digest.hpp"
#include "service/accounts/accounts_test_support.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "store/accounts/tenants.hpp"

namespace tw::service {
namespace {

/// 16 by 16 and as small as a picture can be.
Bytes picture(std::uint8_t pixel) {
  Bytes jpeg{0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 3, 0, pixel, 0xFF, 0xD9};
  return jpeg;
}

class BrandsTest : public AccountsTest {
 protected:
  Brands brands_{context_};
  AdminTenant tenants_{context_};

  Result<Tenant> colour(const std::string& value) {
    AdminTenant::Change change;
    change.brand_colour = value;
    return tenants_.update(administrator(), change);
  }
  /// The address as a page takes it apart.
  Result<Logo> at(const std::string& url) {
    const std::string start = "/api/v1/tenants/";
    const std::size_t slash = url.find("/logos/");
    if (!url.starts_with(start) || slash == std::string::npos) return fail(ErrorKind::internal, "no.address", url);
    return brands_.logo(url.substr(start.size(), slash - start.size()), url.substr(slash + 7));
  }
};

TEST_F(BrandsTest, OnlyAdministratorsMay) {
  for (const Caller& caller : {agent_caller(), api_key(), customer()}) {
    EXPECT_EQ(code_of(brands_.put_logo(caller, picture(1))), "auth.wrong_role");
    EXPECT_EQ(code_of(brands_.remove_logo(caller)), "auth.wrong_role");
  }
}

TEST_F(BrandsTest, ALogoIsThereUntilThereIsAnother) {
  const auto first = brands_.put_logo(administrator(), picture(1));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->company_name, tenants_.read(administrator())->name);
  const auto read = at(first->logo_url);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->picture, picture(1));
  EXPECT_EQ(read->media_type, "image/jpeg");
  EXPECT_EQ(read->sha256, to_hex(sha256(picture(1))));

  const auto second = brands_.put_logo(administrator(), picture(2));
  ASSERT_TRUE(second);
  EXPECT_EQ(code_of(at(first->logo_url)), "not_found");
  EXPECT_TRUE(at(second->logo_url));
  EXPECT_EQ(tenants_.read(administrator())->logo_url, second->logo_url);

  EXPECT_TRUE(brands_.remove_logo(administrator()));
  EXPECT_TRUE(brands_.remove_logo(administrator()));
  EXPECT_EQ(code_of(at(second->logo_url)), "not_found");
  EXPECT_EQ(tenants_.read(administrator())->logo_url, "");
}

TEST_F(BrandsTest, WhatIsNoPictureChangesNothing) {
  const auto before = brands_.put_logo(administrator(), picture(1));
  ASSERT_TRUE(before);
  EXPECT_EQ(code_of(brands_.put_logo(administrator(), as_bytes("<svg/>"))), "logo.not_picture");
  EXPECT_TRUE(at(before->logo_url));
}

TEST_F(BrandsTest, ALogoIsOfItsCompanyAndOnlyWhileThatIsEnabled) {
  const auto mine = brands_.put_logo(administrator(), picture(1));
  ASSERT_TRUE(mine);
  const std::string digest = mine->logo_url.substr(mine->logo_url.rfind('/') + 1);
  EXPECT_EQ(code_of(brands_.logo("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV", digest)), "not_found");
  EXPECT_EQ(code_of(brands_.logo("nobody", digest)), "not_found");
  EXPECT_EQ(code_of(brands_.logo(tenant_.str(), "")), "not_found");
  EXPECT_TRUE(database_->write([&](store::Transaction& transaction) -> Result<void> {
    auto row = store::find_tenant(transaction, tenant_);
    row->enabled = false;
    store::change_tenant(transaction, *row);
    return {};
  }));
  EXPECT_EQ(code_of(at(mine->logo_url)), "not_found");
}

TEST_F(BrandsTest, AColourIsSixDigitsOrNone) {
  EXPECT_EQ(colour("#C8102E")->brand_colour, "#c8102e");
  for (const char* wrong : {"red", "#fff", "c8102e", "#c8102g", "#c8102", "#c81 2e", "#-8102e"}) {
    EXPECT_EQ(code_of(colour(wrong)), "field.invalid") << wrong;
  }
  EXPECT_EQ(tenants_.read(administrator())->brand_colour, "#c8102e");
  // A logo leaves the colour alone, and the other way round.
  ASSERT_TRUE(brands_.put_logo(administrator(), picture(1)));
  EXPECT_EQ(brands_.put_logo(administrator(), picture(1))->colour, "#c8102e");
  EXPECT_EQ(colour("")->brand_colour, "");
  EXPECT_NE(tenants_.read(administrator())->logo_url, "");
}

TEST_F(BrandsTest, ChangesAreOnTheAuditLog) {
  ASSERT_TRUE(brands_.put_logo(administrator(), picture(1)));
  ASSERT_TRUE(brands_.put_logo(administrator(), picture(1)));
  ASSERT_TRUE(brands_.remove_logo(administrator()));
  std::vector<std::string> actions = audit_actions();
  std::erase_if(actions, [](const std::string& action) { return !action.starts_with("tenant.logo"); });
  EXPECT_EQ(actions, (std::vector<std::string>{"tenant.logo_changed", "tenant.logo_removed"}));
}

}  // namespace
}  // namespace tw::service
