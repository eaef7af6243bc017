using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Access.KeyRing;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Access;

/// <summary>The keys behind cookies are shared by replicas and readable only under the master key.</summary>
public sealed class KeyRingTests
{
    [Fact]
    public async Task Cookie_of_one_replica_is_read_by_another()
    {
        await using var one = await AccessHost.StartAsync();
        var kept = one.Get<IDataProtectionProvider>().CreateProtector("test").Protect("signed in");

        var ring = new PostgresKeyRing(one.Database.Databases, TestKeys.Masters, NullLogger<PostgresKeyRing>.Instance);

        one.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(kept).ShouldBe("signed in");
        ring.GetAllElements().ShouldHaveSingleItem().Name.LocalName.ShouldBe("key");
    }

    [Fact]
    public async Task Key_is_not_in_the_database_in_the_clear()
    {
        await using var host = await AccessHost.StartAsync();
        host.Get<IDataProtectionProvider>().CreateProtector("test").Protect("x");

        var kept = (await host.Database.ScalarAsync<byte[]>("select xml from data_protection_keys"))!;

        var ring = new PostgresKeyRing(host.Database.Databases, TestKeys.Masters, NullLogger<PostgresKeyRing>.Instance);
        ring.GetAllElements().Single().ToString().ShouldContain("<descriptor");
        // Three letters are in so many random bytes now and then; ten are not.
        Encoding.UTF8.GetString(kept).ShouldNotContain("descriptor");
    }

    [Fact]
    public async Task Key_under_a_master_key_that_is_gone_is_left_out()
    {
        await using var host = await AccessHost.StartAsync();
        host.Get<IDataProtectionProvider>().CreateProtector("test").Protect("x");

        var stranger = new PostgresKeyRing(host.Database.Databases, new MasterKeys(new byte[32]), NullLogger<PostgresKeyRing>.Instance);

        stranger.GetAllElements().ShouldBeEmpty();
    }
}
