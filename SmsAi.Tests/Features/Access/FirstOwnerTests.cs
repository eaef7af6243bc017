using System.Text;
using SmsAi.Core.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>The one-time link makes exactly one first owner.</summary>
public sealed class FirstOwnerTests
{
    [Fact]
    public async Task Link_makes_an_owner_who_may_sign_in()
    {
        await using var host = await AccessHost.StartAsync();

        var result = await host.MakeOwnerAsync(await host.Links.CreateAsync(CancellationToken.None));

        result.ShouldBeOfType<NewAccountResult.Made>();
        (await host.Database.ListAsync<string>("""
            select o.email || ' ' || o.display_name || ' ' || r.name from operators o
            join operator_role_members m on m.user_id = o.id join operator_roles r on r.id = m.role_id
            """)).ShouldBe(["mara@example.org Mara Owner"]);
        (await host.Links.AreNeededAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Making_the_owner_leaves_a_line_in_the_audit_trail()
    {
        await using var host = await AccessHost.StartAsync();

        await host.MakeOwnerAsync(await host.Links.CreateAsync(CancellationToken.None));

        (await host.Database.ListAsync<string>("select actor || ' ' || action || ' ' || (metadata ->> 'by') from audit")).ShouldBe(["Mara access.first_owner set-up link"]);
    }

    [Fact]
    public async Task Link_works_once()
    {
        await using var host = await AccessHost.StartAsync();
        var link = await host.Links.CreateAsync(CancellationToken.None);
        await host.MakeOwnerAsync(link);

        (await host.MakeOwnerAsync(link, "eve@example.org")).ShouldBeOfType<NewAccountResult.LinkRefused>();
        (await host.Database.ScalarAsync<long>("select count(*) from operators")).ShouldBe(1);
    }

    [Fact]
    public async Task Other_links_end_with_the_first_owner()
    {
        await using var host = await AccessHost.StartAsync();
        var (first, second) = (await host.Links.CreateAsync(CancellationToken.None), await host.Links.CreateAsync(CancellationToken.None));

        var results = await Task.WhenAll(host.MakeOwnerAsync(first), host.MakeOwnerAsync(second, "jonas@example.org"));

        results.OfType<NewAccountResult.Made>().Count().ShouldBe(1);
        results.OfType<NewAccountResult.LinkRefused>().Count().ShouldBe(1);
        (await host.Database.ScalarAsync<long>("select count(*) from operators")).ShouldBe(1);
    }

    [Fact]
    public async Task Link_ends_after_thirty_minutes()
    {
        await using var host = await AccessHost.StartAsync();
        var link = await host.Links.CreateAsync(CancellationToken.None);

        host.Time.Pass(TimeSpan.FromMinutes(30.1));

        (await host.MakeOwnerAsync(link)).ShouldBeOfType<NewAccountResult.LinkRefused>();
    }

    [Fact]
    public async Task Wrong_token_is_refused()
    {
        await using var host = await AccessHost.StartAsync();
        await host.Links.CreateAsync(CancellationToken.None);

        (await host.MakeOwnerAsync("")).ShouldBeOfType<NewAccountResult.LinkRefused>();
        (await host.MakeOwnerAsync("AAAA")).ShouldBeOfType<NewAccountResult.LinkRefused>();
    }

    [Fact]
    public async Task Slip_in_a_field_does_not_use_the_link_up()
    {
        await using var host = await AccessHost.StartAsync();
        var link = await host.Links.CreateAsync(CancellationToken.None);

        var invalid = (await host.MakeOwnerAsync(link, "not an address", "Password123!")).ShouldBeOfType<NewAccountResult.Invalid>();

        invalid.Name.ShouldBeNull();
        invalid.Email.ShouldNotBeNull();
        invalid.Password.ShouldNotBeNull();
        (await host.MakeOwnerAsync(link)).ShouldBeOfType<NewAccountResult.Made>();
    }

    [Fact]
    public async Task Token_is_kept_as_a_hash_only()
    {
        await using var host = await AccessHost.StartAsync();
        var link = await host.Links.CreateAsync(CancellationToken.None);

        var kept = (await host.Database.ScalarAsync<byte[]>("select token_hash from setup_links"))!;

        kept.Length.ShouldBe(32);
        kept.ShouldNotBe(Encoding.UTF8.GetBytes(link));
        link.Length.ShouldBeGreaterThanOrEqualTo(43);
    }
}
