using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Starting;
using SmsAi.Tests.Structure;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>Each act the trail has a word for leaves one row with who, from where and about what: told here, or by the test of its feature.</summary>
public sealed partial class EveryActTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly PausePlan Nightly = new(new PauseWindow("UTC", null, PauseDays.Sunday, new(2, 0), new(4, 0)), "maintenance", null);

    /// <summary>What is done before, then the act itself; it answers what it is about. The acts of which no other test says that they leave a row.</summary>
    private static readonly Dictionary<string, Func<EveryActTests, Actor, Task<Func<Task<string>>>>> Acts = new()
    {
        ["access.codes_renewed"] = Does((all, me) => all.Get<SecondFactors>().RenewCodesAsync(me, None), me => "operator:" + me.Id),
        ["access.factor_off"] = Does((all, me) => all.Get<SecondFactors>().TurnOffAsync(me, None), me => "operator:" + me.Id),
        ["access.sessions_ended"] = Does((all, me) => all.Get<OwnAccount>().EndAllAsync(thisToo: false, me, None), me => "operator:" + me.Id),
        ["access.passkey_removed"] = async (all, me) =>
        {
            var id = Guid.NewGuid().ToByteArray();
            await all.Host.Database.ExecuteAsync(
                """
                insert into operator_passkeys
                  (credential_id, operator_id, name, public_key, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, created_at)
                values ($1, $2, 'phone', '\x00', 0, '{}', true, true, false, now())
                """,
                id, me.Id!.Value);
            return async () =>
            {
                await all.Get<Passkeys>().RemoveAsync(id, me, None);
                return "operator:" + me.Id;
            };
        },
        ["access.invitation_taken_back"] = async (all, me) =>
        {
            await all.Get<Invitations>().MakeAsync(OperatorRoles.Viewer, "the new one", me, None);
            var id = await all.Host.Database.ScalarAsync<long>("select max(id) from operator_invitations");
            return async () =>
            {
                await all.Get<Invitations>().TakeBackAsync(id, me, None);
                return Of("invitation", id);
            };
        },
        ["access.lock"] = async (all, me) =>
        {
            var other = await all.OperatorAsync(OperatorRoles.Viewer);
            return async () =>
            {
                await all.Get<Accounts>().LockAsync(other, me, None);
                return Of("operator", other);
            };
        },
        ["access.unlock"] = async (all, me) =>
        {
            var other = await all.OperatorAsync(OperatorRoles.Viewer);
            await all.Get<Accounts>().LockAsync(other, me, None);
            return async () =>
            {
                await all.Get<Accounts>().UnlockAsync(other, me, None);
                return Of("operator", other);
            };
        },
        ["conversation.dismiss"] = async (all, me) =>
        {
            var person = await all.PersonAsync();
            var message = person.Id + 5_000_000;
            await person.MessageAsync(message, DateTimeOffset.UtcNow, direction: "out", kind: "answer", state: "draft", replyTo: message - 1);
            return async () =>
            {
                await all.Get<TakeOvers>().DismissAsync(person.Conversation, message, me, None);
                return Of("conversation", person.Conversation);
            };
        },
        ["key.rotate"] = async (all, me) =>
        {
            var made = await all.Host.KeyAsync(OperatorRoles.Viewer);
            return async () =>
            {
                await all.Get<ApiKeyActs>().RotateAsync(made.Prefix, TimeSpan.FromHours(1), me, None);
                return "key:" + made.Prefix;
            };
        },
        ["number.block"] = (all, me) => Task.FromResult<Func<Task<string>>>(async () =>
        {
            await all.Get<BlockedNumbers>().BlockAsync(PhoneNumber.Parse("+14155550123"), "storm", null, me, None);
            return Of("sender", await all.Host.Database.ScalarAsync<long>("select max(id) from blocked_senders"));
        }),
        ["schedule.change"] = async (all, me) => await all.ScheduleAsync(me, seen => all.Get<PauseSchedules>().ChangeAsync(seen, Nightly with { Reason = "repairs" }, me, None)),
        ["schedule.off"] = async (all, me) => await all.ScheduleAsync(me, seen => all.Get<PauseSchedules>().SwitchAsync(seen, false, me, None)),
        ["schedule.on"] = async (all, me) => await all.ScheduleAsync(me, seen => all.Get<PauseSchedules>().SwitchAsync(seen, true, me, None), isOff: true),
        ["service.model_off"] = Does((all, me) => all.Get<StopSwitches>().StopModelAsync("costs", me, None), _ => "switch:ai"),
        ["setting.reset"] = async (all, me) =>
        {
            await all.Get<SettingActs>().ChangeAsync("OpenAI:MaxTokens", "77", 0, "longer", me, None);
            return async () =>
            {
                await all.Get<SettingActs>().ChangeAsync("OpenAI:MaxTokens", null, 1, "as before", me, None);
                return "setting:OpenAI:MaxTokens";
            };
        },
        ["tier.remove"] = async (all, me) =>
        {
            await all.Get<Tiers>().AddAsync("trial", new TierRules(1, 10, 5), me, None);
            var seen = (await all.Get<Tiers>().ReadAsync(None)).Single(tier => tier.Name == "trial");
            return async () =>
            {
                await all.Get<Tiers>().RemoveAsync(seen, me, None);
                return "tier:trial";
            };
        },
        ["user.billing"] = async (all, me) => await all.PersonDoesAsync(person => all.Get<PersonActs>().SetBillingIdAsync(person, null, "cus_1", me, None)),
        ["user.unblock"] = async (all, me) =>
        {
            var person = await all.PersonAsync();
            await all.Host.Database.ExecuteAsync("update users set is_blocked = true where id = $1", person.Id);
            return async () =>
            {
                await all.Get<PeopleActs>().ChangeAsync(PeopleChange.Unblock, [new(person.Id, null)], "by mistake", me, None);
                return Of("user", person.Id);
            };
        },
        ["view.remove"] = async (all, me) =>
        {
            await all.Get<SavedViews>().SaveAsync("late ones", "waits=1", isShared: true, me, None);
            var id = await all.Host.Database.ScalarAsync<long>("select max(id) from saved_views");
            return async () =>
            {
                await all.Get<SavedViews>().RemoveAsync(id, me, None);
                return "view:conversations";
            };
        },
    };

    public static TheoryData<string> Told => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Told))]
    public async Task Act_leaves_one_row_with_who_from_where_and_about_what(string act)
    {
        var me = await SignedInAsync();
        var doAsync = await Acts[act](this, me);
        var before = await host.Database.ScalarAsync<long>("select coalesce(max(id), 0) from audit");

        var about = await doAsync();

        (await host.Database.ListAsync<string>(
            "select action || ' ' || resource || ' ' || actor_id || ' ' || role || ' ' || host(ip) || ' ' || session from audit where id > $1 and actor = $2", before, me.Name))
            .ShouldBe([$"{act} {about} {me.Id} {me.Role} 203.0.113.7 {me.Session}"]);
    }

    [Fact]
    public void Every_act_with_a_word_is_told_here_or_by_a_test_of_its_feature()
    {
        var words = Word().Matches(SourceFiles.Of(["SmsAi.Web/Features/Auditing"], "AuditWords.cs").Single().Text).Select(word => word.Groups[1].Value).ToList();
        var tests = string.Join('\n', SourceFiles.Of(["SmsAi.Tests/Features", "SmsAi.Tests/Journeys", "SmsAi.Tests/Pipeline"], "Tests.cs", "Journey.cs")
            .Where(file => !file.Path.EndsWith(nameof(EveryActTests) + ".cs", StringComparison.Ordinal)).Select(file => file.Text));

        words.Count.ShouldBeGreaterThan(70);
        words.Except(Acts.Keys).Where(word => !Regex.IsMatch(tests, $@"(?<![\w.]){Regex.Escape(word)}(?![\w.])")).ShouldBeEmpty();
    }

    private ProgramHost Host => host;

    private T Get<T>()
        where T : notnull => host.Services.CreateScope().ServiceProvider.GetRequiredService<T>();

    private static Func<EveryActTests, Actor, Task<Func<Task<string>>>> Does(Func<EveryActTests, Actor, Task> act, Func<Actor, string> about) => (all, me) =>
        Task.FromResult<Func<Task<string>>>(async () =>
        {
            await act(all, me);
            return about(me);
        });

    private async Task<Func<Task<string>>> PersonDoesAsync(Func<long, Task> act)
    {
        var person = await PersonAsync();
        return async () =>
        {
            await act(person.Id);
            return Of("user", person.Id);
        };
    }

    private async Task<Func<Task<string>>> ScheduleAsync(Actor me, Func<PauseSchedule, Task> act, bool isOff = false)
    {
        var id = await Get<PauseSchedules>().AddAsync(Nightly, me, None);
        if (isOff) await Get<PauseSchedules>().SwitchAsync(await FindAsync(), false, me, None);
        var seen = await FindAsync();
        return async () =>
        {
            await act(seen);
            return Of("schedule", id);
        };

        async Task<PauseSchedule> FindAsync() => (await Get<PauseSchedules>().ReadAsync(None)).Single(one => one.Id == id);
    }

    private Task<HandPerson> PersonAsync() => HandPerson.AddAsync(host.Database, "otter-" + Guid.NewGuid().ToString("N"));

    private async Task<Actor> SignedInAsync()
    {
        var (id, session) = (await OperatorAsync(OperatorRoles.Owner), Guid.NewGuid().ToString("N"));
        await Get<OperatorSessions>().OpenAsync(new(session, id, IPAddress.Loopback, "test", HasShownFactor: true, MustEnrol: false), None);
        return new Actor("owner " + session, id, OperatorRoles.Owner, IPAddress.Parse("203.0.113.7"), session);
    }

    private async Task<long> OperatorAsync(string role)
    {
        var id = await host.Database.ScalarAsync<long>("insert into operators (user_name) values (gen_random_uuid()::text) returning id");
        await host.Database.ExecuteAsync("insert into operator_role_members (user_id, role_id) select $1, id from operator_roles where name = $2", id, role);
        return id;
    }

    private static string Of(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{id}");

    [GeneratedRegex("""^        \["([a-z_]+\.[a-z_]+)"\]""", RegexOptions.Multiline)]
    private static partial Regex Word();
}
