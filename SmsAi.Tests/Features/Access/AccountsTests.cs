using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Features.Access;

/// <summary>Who may do what to whose account, and what becomes of its sessions.</summary>
public sealed class AccountsTests : IAsyncLifetime
{
    private AccessHost _host = null!;
    private Actor _mara = null!;

    private Accounts Accounts => _host.Get<Accounts>();

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _mara = await _host.SignedInAsync("mara@example.org", OperatorRoles.Owner);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Changed_role_ends_every_session_and_stands_in_the_trail_with_before_and_after()
    {
        var jonas = await JonasAsync(OperatorRoles.Admin);
        await _host.SignedInAsync(jonas, "phone");

        (await Accounts.ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Viewer), _mara, default)).ShouldBe(AccountOutcome.Done);
        (await Accounts.ChangeRoleAsync(jonas.Id.Value, new(OperatorRoles.Viewer), _mara, default)).ShouldBe(AccountOutcome.NothingToDo);

        (await LineAsync(jonas)).Role.ShouldBe(OperatorRoles.Viewer);
        (await _host.Database.ListAsync<string>("select id from operator_sessions where ended_at is null")).ShouldBe(["mara@example.org"]);
        (await _host.Database.ScalarAsync<string>("select actor || ' ' || resource || ' ' || (metadata - 'correlation')::text from audit where action = 'access.role'"))
            .ShouldBe($$$"""mara operator:{{{jonas.Id}}} {"after": {"role": "Viewer"}, "before": {"role": "Admin"}, "sessions_ended": 2}""");
    }

    [Fact]
    public async Task Role_that_somebody_else_changed_meanwhile_is_not_changed_over_her_head()
    {
        var jonas = await JonasAsync(OperatorRoles.Admin);
        (await Accounts.ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Viewer, From: OperatorRoles.Admin), _mara, default)).ShouldBe(AccountOutcome.Done);

        (await Accounts.ChangeRoleAsync(jonas.Id.Value, new(OperatorRoles.Operator, From: OperatorRoles.Admin), _mara, default)).ShouldBe(AccountOutcome.ChangedMeanwhile);

        (await LineAsync(jonas)).Role.ShouldBe(OperatorRoles.Viewer);
    }

    [Theory]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Viewer, OperatorRoles.Operator, AccountOutcome.Done)]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Operator, OperatorRoles.Admin, AccountOutcome.Done)]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Operator, OperatorRoles.Owner, AccountOutcome.OwnersOnly)]
    [InlineData(OperatorRoles.Admin, OperatorRoles.Owner, OperatorRoles.Viewer, AccountOutcome.OwnersOnly)]
    [InlineData(OperatorRoles.Owner, OperatorRoles.Admin, OperatorRoles.Owner, AccountOutcome.Done)]
    [InlineData(OperatorRoles.Owner, OperatorRoles.Owner, OperatorRoles.Viewer, AccountOutcome.Done)]
    public async Task Only_owners_make_and_unmake_owners(string actor, string role, string wanted, AccountOutcome outcome)
    {
        var acting = await _host.SignedInAsync("acting@example.org", actor);
        var jonas = await JonasAsync(role);

        (await Accounts.ChangeRoleAsync(jonas.Id!.Value, new(wanted), acting, default)).ShouldBe(outcome);

        (await LineAsync(jonas)).Role.ShouldBe(outcome == AccountOutcome.Done ? wanted : role);
    }

    [Fact]
    public async Task Admin_touches_no_owner_in_any_way()
    {
        var admin = await JonasAsync(OperatorRoles.Admin);
        var owner = (await _host.SignedInAsync("other@example.org", OperatorRoles.Owner)).Id!.Value;

        (await Accounts.LockAsync(owner, admin, default)).ShouldBe(AccountOutcome.OwnersOnly);
        (await Accounts.UnlockAsync(owner, admin, default)).ShouldBe(AccountOutcome.OwnersOnly);
        (await Accounts.RemoveAsync(owner, admin, default)).ShouldBe(AccountOutcome.OwnersOnly);
        (await Accounts.ResetFactorAsync(owner, admin, default)).ShouldBe(AccountOutcome.OwnersOnly);
        (await Accounts.EndSessionsAsync(owner, null, admin, default)).ShouldBe(AccountOutcome.OwnersOnly);
        (await _host.Database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_raises_locks_or_removes_herself_but_may_step_down()
    {
        var jonas = await JonasAsync(OperatorRoles.Admin);

        (await Accounts.ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Owner), jonas, default)).ShouldBe(AccountOutcome.NotYourself);
        (await Accounts.LockAsync(jonas.Id.Value, jonas, default)).ShouldBe(AccountOutcome.NotYourself);
        (await Accounts.RemoveAsync(jonas.Id.Value, jonas, default)).ShouldBe(AccountOutcome.NotYourself);
        (await Accounts.ChangeRoleAsync(jonas.Id.Value, new(OperatorRoles.Operator), jonas, default)).ShouldBe(AccountOutcome.Done);
    }

    [Fact]
    public async Task Last_owner_who_can_sign_in_stays_an_owner()
    {
        var other = await _host.SignedInAsync("other@example.org", OperatorRoles.Owner);
        (await Accounts.LockAsync(other.Id!.Value, _mara, default)).ShouldBe(AccountOutcome.Done);

        (await Accounts.ChangeRoleAsync(_mara.Id!.Value, new(OperatorRoles.Admin), _mara, default)).ShouldBe(AccountOutcome.LastOwner, "a locked owner helps nobody");

        (await Accounts.UnlockAsync(other.Id.Value, _mara, default)).ShouldBe(AccountOutcome.Done);
        (await Accounts.ChangeRoleAsync(_mara.Id.Value, new(OperatorRoles.Admin), _mara, default)).ShouldBe(AccountOutcome.Done);
    }

    [Fact]
    public async Task Owners_who_unmake_each_other_at_the_same_moment_leave_one()
    {
        var owners = new List<Actor> { _mara };
        for (var n = 0; n < 5; n++) owners.Add(await _host.SignedInAsync($"owner{n}@example.org", OperatorRoles.Owner));
        await using var elsewhere = new Databases(_host.Database.ConnectionString);
        var replicas = new[] { Accounts, new Accounts(elsewhere, new OperatorSessions(elsewhere, _host.Time), _host.Time) };

        var acts = owners.SelectMany((victim, n) => new Func<Task>[]
        {
            () => replicas[n % 2].RemoveAsync(victim.Id!.Value, owners[(n + 1) % owners.Count], default),
            () => replicas[(n + 1) % 2].ChangeRoleAsync(victim.Id!.Value, new(OperatorRoles.Viewer), victim, default),
            () => replicas[n % 2].LockAsync(victim.Id!.Value, owners[(n + 2) % owners.Count], default),
        });
        await Task.WhenAll(acts.Select(async act =>
        {
            try
            {
                await act();
            }
            catch (UnauthorizedAccessException)
            {
                // Somebody was quicker: whoever acts is no owner any more.
            }
        }));

        (await _host.Database.ScalarAsync<long>("""
            select count(*) from operators o join operator_role_members m on m.user_id = o.id join operator_roles r on r.id = m.role_id where r.name = 'Owner' and not o.is_disabled
            """)).ShouldBe(1);
    }

    [Fact]
    public async Task Actor_whose_role_was_taken_meanwhile_does_nothing_whatever_her_screen_still_says()
    {
        var jonas = await JonasAsync(OperatorRoles.Admin);
        var viewer = await _host.SignedInAsync("viewer@example.org", OperatorRoles.Viewer);
        await Accounts.ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Operator), _mara, default);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => Accounts.LockAsync(viewer.Id!.Value, jonas, default));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => Accounts.ChangeRoleAsync(viewer.Id!.Value, new(OperatorRoles.Admin), viewer with { Role = OperatorRoles.Owner }, default));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _host.Get<Invitations>().MakeAsync(OperatorRoles.Admin, "friend", jonas, default));

        (await LineAsync(viewer)).Role.ShouldBe(OperatorRoles.Viewer);
    }

    [Fact]
    public async Task Roles_removal_reset_and_invitations_ask_for_a_fresh_second_factor_and_a_lock_does_not()
    {
        var jonas = await JonasAsync(OperatorRoles.Viewer);
        await _host.Database.ExecuteAsync("update operators set two_factor_enabled = true where email = 'mara@example.org'");
        var id = jonas.Id!.Value;

        await Should.ThrowAsync<SecondFactorNeededException>(() => Accounts.ChangeRoleAsync(id, new(OperatorRoles.Admin), _mara, default));
        await Should.ThrowAsync<SecondFactorNeededException>(() => Accounts.RemoveAsync(id, _mara, default));
        await Should.ThrowAsync<SecondFactorNeededException>(() => Accounts.ResetFactorAsync(id, _mara, default));
        await Should.ThrowAsync<SecondFactorNeededException>(() => Accounts.UnlockAsync(id, _mara, default));
        await Should.ThrowAsync<SecondFactorNeededException>(() => _host.Get<Invitations>().MakeAsync(OperatorRoles.Viewer, "friend", _mara, default));
        (await Accounts.LockAsync(id, _mara, default)).ShouldBe(AccountOutcome.Done);
    }

    [Fact]
    public async Task Second_factor_an_admin_resets_takes_codes_passkeys_and_every_session_along()
    {
        var admin = await _host.SignedInAsync("acting@example.org", OperatorRoles.Admin);
        var jonas = await JonasAsync(OperatorRoles.Operator);
        await _host.SignedInAsync(jonas, "phone");
        await _host.Database.ExecuteAsync("""
            update operators set two_factor_enabled = true where email = 'jonas@example.org';
            insert into operator_totp (operator_id, secret, is_confirmed) select id, 'x', true from operators;
            insert into operator_recovery_codes (operator_id, code_hash) select id, 'x' from operators;
            insert into operator_passkeys (credential_id, operator_id, name, public_key, sign_count, is_user_verified, is_backup_eligible, is_backed_up, created_at)
              select convert_to(email, 'UTF8'), id, 'Laptop', 'x', 0, true, false, false, now() from operators
            """);

        (await Accounts.ResetFactorAsync(jonas.Id!.Value, admin, default)).ShouldBe(AccountOutcome.Done);
        (await Accounts.ResetFactorAsync(jonas.Id.Value, admin, default)).ShouldBe(AccountOutcome.NothingToDo);

        (await LineAsync(jonas)).HasFactor.ShouldBeFalse();
        foreach (var table in new[] { "operator_totp", "operator_recovery_codes", "operator_passkeys" })
            (await _host.Database.ListAsync<string>($"select o.email from {table} t join operators o on o.id = t.operator_id order by 1")).ShouldBe(["acting@example.org", "mara@example.org"], table);
        (await OpenSessionsAsync()).ShouldBe(["acting@example.org", "mara@example.org"]);
        (await _host.Database.ScalarAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || (metadata ->> 'sessions_ended') from audit"))
            .ShouldBe($"acting access.factor_reset operator:{jonas.Id} 2");
    }

    [Fact]
    public async Task Admin_ends_one_session_of_somebody_or_all_of_them_and_nobody_elses()
    {
        var admin = await _host.SignedInAsync("acting@example.org", OperatorRoles.Admin);
        var jonas = await JonasAsync(OperatorRoles.Operator);
        foreach (var more in new[] { "phone", "tablet" }) await _host.SignedInAsync(jonas, more);

        (await Accounts.EndSessionsAsync(jonas.Id!.Value, "phone", admin, default)).ShouldBe(AccountOutcome.Done);
        (await OpenSessionsAsync()).ShouldBe(["acting@example.org", "jonas@example.org", "mara@example.org", "tablet"]);
        (await Accounts.EndSessionsAsync(jonas.Id.Value, null, admin, default)).ShouldBe(AccountOutcome.Done);
        (await Accounts.EndSessionsAsync(jonas.Id.Value, null, admin, default)).ShouldBe(AccountOutcome.NothingToDo);

        (await OpenSessionsAsync()).ShouldBe(["acting@example.org", "mara@example.org"]);
        (await _host.Database.ListAsync<string>("select actor || ' ' || resource || ' ' || (metadata ->> 'sessions_ended') from audit where action = 'access.sessions_ended' order by id"))
            .ShouldBe([$"acting operator:{jonas.Id} 1", $"acting operator:{jonas.Id} 2"]);
    }

    [Fact]
    public async Task Removed_account_takes_its_sessions_along_and_leaves_its_name_in_the_trail()
    {
        var jonas = await JonasAsync(OperatorRoles.Operator);

        (await Accounts.RemoveAsync(jonas.Id!.Value, _mara, default)).ShouldBe(AccountOutcome.Done);
        (await Accounts.RemoveAsync(jonas.Id.Value, _mara, default)).ShouldBe(AccountOutcome.Gone);

        (await _host.Database.ListAsync<string>("select id from operator_sessions")).ShouldBe(["mara@example.org"]);
        (await _host.Database.ScalarAsync<string>("select metadata -> 'before' ->> 'name' from audit where action = 'access.remove'")).ShouldBe("Operator");
    }

    [Fact]
    public async Task Unlocking_also_ends_the_wait_for_wrong_tries()
    {
        var jonas = await JonasAsync(OperatorRoles.Operator);
        for (var time = 0; time < 5; time++) await _host.Get<SignInTries>().CountAsync(jonas.Id!.Value, default);
        (await LineAsync(jonas)).WaitsUntil.ShouldBe(_host.Time.GetUtcNow().AddMinutes(15));

        await Accounts.UnlockAsync(jonas.Id!.Value, _mara, default);

        (await LineAsync(jonas)).WaitsUntil.ShouldBeNull();
        (await _host.Get<SignInTries>().CountAsync(jonas.Id.Value, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_owner_who_lost_phone_and_codes_gets_in_again_from_the_command_line()
    {
        await _host.Database.ExecuteAsync("update operators set two_factor_enabled = true; insert into operator_totp (operator_id, secret, is_confirmed) select id, 'x', true from operators");
        var verb = _host.Get<FactorVerb>();
        using var output = new StringWriter();

        (await verb.RunAsync(["nobody@example.org"], output, default)).ShouldBe(1);
        (await verb.RunAsync(["Mara@example.org"], output, default)).ShouldBe(0);
        (await verb.RunAsync(["mara@example.org"], output, default)).ShouldBe(0);
        (await verb.RunAsync([], output, default)).ShouldBe(2);

        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line[..20])
            .ShouldBe(["There is no account ", "The second factor is", "That account has no ", "Say whose: reset-fac"]);
        (await LineAsync(_mara)).HasFactor.ShouldBeFalse();
        (await _host.Database.ListAsync<string>("select actor || ' ' || action from audit")).ShouldBe(["command line access.factor_reset"]);
    }

    private Task<IReadOnlyList<string>> OpenSessionsAsync() => _host.Database.ListAsync<string>("select id from operator_sessions where ended_at is null order by id");

    private Task<Actor> JonasAsync(string role) => _host.SignedInAsync("jonas@example.org", role);

    private async Task<AccountLine> LineAsync(Actor who) =>
        (await Accounts.FindAsync(who.Id!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(12), default))!;
}
