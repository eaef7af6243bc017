using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>Hundreds of accounts, found and paged by name.</summary>
public sealed class AccountListTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(1);

    private AccessHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        // Some of the same name: the page's end must not lose any of them.
        await _host.Database.ExecuteAsync("""
            insert into operators (user_name, normalized_user_name, email, normalized_email, display_name, security_stamp, concurrency_stamp, two_factor_enabled)
            select 'o' || n || '@example.org', 'O' || n || '@EXAMPLE.ORG', 'o' || n || '@example.org', 'O' || n || '@EXAMPLE.ORG',
              case when n % 2 = 0 then 'Operator ' else 'operator ' end || lpad((n / 3)::text, 3, '0'), 's', 'c', n % 4 = 0
            from generate_series(1, 300) n;
            insert into operator_role_members (user_id, role_id)
            select o.id, r.id from operators o join operator_roles r on r.name = case when o.id % 3 = 0 then 'Viewer' else 'Operator' end;
            """);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_without_a_gap()
    {
        var expected = await _host.Database.ListAsync<string>("select email from operators order by lower(display_name), id");
        List<string> seen = [];
        AccountWindow page;
        AccountPlace? place = null;
        do
        {
            page = await ReadAsync(new(), place);
            seen.AddRange(page.Accounts.Select(account => account.Email));
            page.Matching.ShouldBe(300);
            (page.Before is null).ShouldBe(place is null);
            place = page.After;
        }
        while (place is not null);

        seen.ShouldBe(expected);
        List<string> back = [.. page.Accounts.Select(account => account.Email)];
        while (page.Before is { } before)
        {
            page = await ReadAsync(new(), before);
            back.InsertRange(0, page.Accounts.Select(account => account.Email));
        }

        back.ShouldBe(expected);
    }

    [Fact]
    public async Task Place_of_an_account_that_is_gone_begins_at_the_first()
    {
        var page = await ReadAsync(new(), new AccountPlace(424242, IsBefore: false));

        page.Before.ShouldBeNull();
        page.Accounts.Count.ShouldBe(50);
    }

    [Fact]
    public async Task Search_finds_by_part_of_name_or_email_and_takes_signs_as_they_are()
    {
        await _host.Database.ExecuteAsync("update operators set display_name = 'Ines 100%_sure\\' where email = 'o7@example.org'");

        (await FoundAsync(new("NES 100"))).ShouldBe(["o7@example.org"]);
        (await FoundAsync(new("100%_sure\\"))).ShouldBe(["o7@example.org"]);
        (await FoundAsync(new("O299@exam"))).ShouldBe(["o299@example.org"]);
        (await FoundAsync(new("o_99@"))).ShouldBeEmpty();
        (await FoundAsync(new("%"))).ShouldBe(["o7@example.org"]);
        (await FoundAsync(new("' or true --"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Role_and_state_narrow_the_list_together()
    {
        await _host.Database.ExecuteAsync("update operators set is_disabled = true where email in ('o8@example.org', 'o9@example.org')");
        await _host.Database.ExecuteAsync("update operators set lockout_end = $1 where email = 'o10@example.org'", _host.Time.GetUtcNow().AddMinutes(15));
        await _host.Database.ExecuteAsync("update operators set lockout_end = $1 where email = 'o11@example.org'", _host.Time.GetUtcNow().AddMinutes(-1));

        (await FoundAsync(new(State: AccountFilter.Locked))).ShouldBe(["o8@example.org", "o9@example.org", "o10@example.org"], ignoreOrder: true);
        (await ReadAsync(new(State: AccountFilter.Active))).Matching.ShouldBe(297);
        (await ReadAsync(new(State: AccountFilter.NoFactor))).Matching.ShouldBe(225);
        var viewers = await _host.Database.ScalarAsync<long>("select count(*) from operators where id % 3 = 0 and not two_factor_enabled");
        (await ReadAsync(new(Role: OperatorRoles.Viewer, State: AccountFilter.NoFactor))).Matching.ShouldBe(viewers);
        (await ReadAsync(new(Role: OperatorRoles.Owner))).Accounts.ShouldBeEmpty();
    }

    private async Task<IEnumerable<string>> FoundAsync(AccountFilter filter) => (await ReadAsync(filter)).Accounts.Select(account => account.Email);

    private Task<AccountWindow> ReadAsync(AccountFilter filter, AccountPlace? place = null) =>
        _host.Get<Accounts>().PageAsync(filter, place, 50, Long, Long, default);
}
