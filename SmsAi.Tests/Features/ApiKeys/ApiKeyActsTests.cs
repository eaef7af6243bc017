using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>Making, rotating and revoking keys, and which of them still open.</summary>
public sealed class ApiKeyActsTests : IAsyncLifetime
{
    private const string Demote = "update operator_role_members set role_id = (select id from operator_roles where name = ";

    private readonly ManualTime _time = new();
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private ApiKeyActs _acts = null!;
    private ApiKeyCheck _check = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        (_acts, _check) = (new ApiKeyActs(_database.Databases, _live, _time), new ApiKeyCheck(_database.Databases, _time));
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task New_key_opens_and_only_its_hash_is_kept()
    {
        var made = await MakeAsync(OperatorRoles.Operator);

        (await StateAsync(made)).ShouldBe(ApiKeyState.Active);
        made.Text.ShouldMatch("^smsai_live_[0-9a-f]{12}_[0-9a-f]{64}$");
        var secret = made.Text.Split('_')[3];
        (await _database.ScalarAsync<string>("select row_to_json(k)::text from api_keys k")).ShouldNotBeNull().ShouldNotContain(secret);
        (await _database.ScalarAsync<bool>("select secret_hash = sha256(convert_to($1, 'UTF8')) from api_keys", secret)).ShouldBeTrue();
        (await _acts.ListAsync(CancellationToken.None)).Single().Scopes.ShouldBe(["read", "users", "stop"]);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource from audit")).ShouldBe([$"command line key.create key:{made.Prefix}"]);
        (await _database.ScalarAsync<string>("select string_agg(metadata::text, '') from audit")).ShouldNotBeNull().ShouldNotContain(secret);
    }

    [Fact]
    public async Task Secret_with_one_digit_changed_opens_nothing()
    {
        var made = await MakeAsync();
        var other = made.Text[..^1] + (made.Text[^1] == '0' ? '1' : '0');

        (await _check.FindAsync(ApiKeySecret.Parse(other)!, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("smsai_live_")]
    [InlineData("sk-0123456789abcdef0123456789abcdef")]
    [InlineData("smsai_live_0123456789ab_' or 1=1 --")]
    public void What_is_no_key_is_not_looked_up(string text) => ApiKeySecret.Parse(text).ShouldBeNull();

    [Fact]
    public async Task Rotation_gives_another_of_the_same_kind_and_the_old_one_lives_on_for_the_overlap()
    {
        var old = await MakeAsync(OperatorRoles.Admin, "read", "stop");
        _time.Pass(TimeSpan.FromDays(10));

        var made = (await _acts.RotateAsync(old.Prefix, TimeSpan.FromHours(2), Actor.CommandLine, CancellationToken.None)).ShouldNotBeNull();

        (await StateAsync(old)).ShouldBe(ApiKeyState.Replaced);
        (await _acts.ListAsync(CancellationToken.None)).Single(key => key.Prefix == made.Prefix).Scopes.ShouldBe(["read", "stop"]);
        made.ExpiresAt.ShouldBe(_time.GetUtcNow() + TimeSpan.FromDays(30));
        (await _acts.RotateAsync(old.Prefix, TimeSpan.Zero, Actor.CommandLine, CancellationToken.None)).ShouldBeNull("it was rotated before");
        _time.Pass(TimeSpan.FromHours(2));
        (await StateAsync(old)).ShouldBe(ApiKeyState.Expired);
        (await StateAsync(made)).ShouldBe(ApiKeyState.Active);
    }

    [Fact]
    public async Task Of_two_who_rotate_at_once_one_makes_a_key()
    {
        var old = await MakeAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _acts.RotateAsync(old.Prefix, TimeSpan.Zero, Actor.CommandLine, CancellationToken.None)));

        made.Count(key => key is not null).ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from api_keys")).ShouldBe(2);
    }

    [Fact]
    public async Task Revoked_key_opens_no_more_and_the_trail_says_why()
    {
        var made = await MakeAsync();

        (await _acts.RevokeAsync(made.Prefix, "Laptop lost", Actor.CommandLine, CancellationToken.None)).ShouldBeTrue();

        (await StateAsync(made)).ShouldBe(ApiKeyState.Revoked);
        (await _acts.RevokeAsync(made.Prefix, "again", Actor.CommandLine, CancellationToken.None)).ShouldBeFalse();
        (await _database.ListAsync<string>("select metadata ->> 'reason' from audit where action = 'key.revoke'")).ShouldBe(["Laptop lost"]);
    }

    [Fact]
    public async Task Key_ends_on_its_day()
    {
        var made = await MakeAsync();
        _time.Pass(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        (await StateAsync(made)).ShouldBe(ApiKeyState.Active);

        _time.Pass(TimeSpan.FromSeconds(1));

        (await StateAsync(made)).ShouldBe(ApiKeyState.Expired);
    }

    [Theory]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Operator, "update operators set is_disabled = true")]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Operator, "delete from operators")]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Operator, Demote + "'Operator')")]
    [InlineData(OperatorRoles.Owner, OperatorRoles.Owner, Demote + "'Admin')")]
    [InlineData(OperatorRoles.Owner, OperatorRoles.Viewer, Demote + "'Operator')")]
    public async Task Key_ends_with_its_makers_account_and_with_her_right_to_make_such_keys(string role, string keyRole, string what)
    {
        var made = await MadeByMaraAsync(role, keyRole);

        await _database.ExecuteAsync(what);

        (await StateAsync(made)).ShouldBe(ApiKeyState.MakerGone);
    }

    [Fact]
    public async Task Key_that_an_admin_may_make_goes_on_when_its_owner_becomes_one()
    {
        var made = await MadeByMaraAsync(OperatorRoles.Owner, OperatorRoles.Admin);

        await _database.ExecuteAsync(Demote + "'Admin')");

        (await StateAsync(made)).ShouldBe(ApiKeyState.Active);
    }

    [Fact]
    public async Task Making_and_rotating_ask_for_a_fresh_second_factor_and_revoking_does_not()
    {
        var made = await MadeByMaraAsync(OperatorRoles.Owner, OperatorRoles.Operator);
        await _database.ExecuteAsync("update operators set two_factor_enabled = true");
        await _database.ExecuteAsync("insert into operator_sessions (id, operator_id, since, seen_at, user_agent) select 'open', id, now(), now(), '' from operators");
        var mara = new Actor("Mara", await _database.ScalarAsync<long>("select id from operators"), OperatorRoles.Owner, null, "open");

        await Should.ThrowAsync<SecondFactorNeededException>(
            () => _acts.CreateAsync(new ApiKeyOrder("x", OperatorRoles.Viewer, TimeSpan.FromDays(1)), mara, CancellationToken.None));
        await Should.ThrowAsync<SecondFactorNeededException>(() => _acts.RotateAsync(made.Prefix, TimeSpan.Zero, mara, CancellationToken.None));
        (await _database.ScalarAsync<long>("select count(*) from api_keys")).ShouldBe(1);
        (await _acts.RevokeAsync(made.Prefix, "", mara, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Last_use_is_written_once_a_minute()
    {
        var made = await MakeAsync();
        var began = _time.GetUtcNow();
        await StateAsync(made);
        _time.Pass(TimeSpan.FromSeconds(59));
        await StateAsync(made);
        (await _acts.ListAsync(CancellationToken.None)).Single().LastUsedAt.ShouldBe(began);

        _time.Pass(TimeSpan.FromSeconds(1));
        await StateAsync(made);

        (await _acts.ListAsync(CancellationToken.None)).Single().LastUsedAt.ShouldBe(began + TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer, OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor, OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Operator, OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Owner)]
    public async Task Nobody_makes_a_key_without_the_right_or_mightier_than_herself(string role, string wanted)
    {
        var actor = new Actor("Mara", 7, role);
        var existing = await MakeAsync(OperatorRoles.Owner);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.CreateAsync(new ApiKeyOrder("x", wanted, TimeSpan.FromDays(1)), actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.RotateAsync(existing.Prefix, TimeSpan.Zero, actor, CancellationToken.None));

        (await _database.ScalarAsync<long>("select count(*) from api_keys")).ShouldBe(1);
    }

    [Fact]
    public async Task Any_admin_may_end_any_key()
    {
        var made = await MakeAsync(OperatorRoles.Owner);

        (await _acts.RevokeAsync(made.Prefix, "", new Actor("Mara", 7, OperatorRoles.Admin), CancellationToken.None)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "Viewer", 30, null, "name")]
    [InlineData("x", "God", 30, null, "role")]
    [InlineData("x", "Viewer", 30, "resume", "scopes")]
    [InlineData("x", "Viewer", 0, null, "expires")]
    [InlineData("x", "Viewer", 366, null, "expires")]
    public void Order_says_what_is_wrong_with_it(string name, string role, int days, string? scope, string field) =>
        new ApiKeyOrder(name, role, TimeSpan.FromDays(days), scope is null ? null : [scope]).Faults().Keys.ShouldBe([field]);

    private async Task<MadeApiKey> MadeByMaraAsync(string role, string keyRole)
    {
        await Operators.AddAsync(_database, "mara@example.org", role);
        var mara = new Actor("Mara", await _database.ScalarAsync<long>("select id from operators"), role);
        var made = await _acts.CreateAsync(new ApiKeyOrder("deploys", keyRole, TimeSpan.FromDays(30)), mara, CancellationToken.None);
        (await StateAsync(made)).ShouldBe(ApiKeyState.Active);
        return made;
    }

    private Task<MadeApiKey> MakeAsync(string role = OperatorRoles.Viewer, params string[] scopes) => _acts.CreateAsync(
        new ApiKeyOrder("deploys", role, TimeSpan.FromDays(30), scopes.Length == 0 ? null : scopes), Actor.CommandLine, CancellationToken.None);

    private async Task<ApiKeyState> StateAsync(MadeApiKey made) =>
        (await _check.FindAsync(ApiKeySecret.Parse(made.Text)!, CancellationToken.None)).ShouldNotBeNull().StateAt(_time.GetUtcNow());
}
