using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Phone;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Every command an actor gives × every role: rights are asked for where the act is done, whoever calls it and by whatever way.</summary>
public sealed class CommandRightsTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Readers = "Operator Admin Owner";
    private const string Operating = "Operator Admin Owner";
    private const string Administering = "Admin Owner";
    private const string ReadingTheTrail = "Auditor Admin Owner";
    private const string Anybody = "Viewer Auditor Operator Admin Owner";

    /// <summary>About whoever acts, and about nobody else.</summary>
    private const string Own = "";

    /// <summary>Who may give which command. A new one must be written down here.</summary>
    private static readonly Dictionary<string, string> Commands = new()
    {
        ["AccessAudit.SignedOutAsync"] = Own,
        ["Accounts.ChangeRoleAsync"] = Administering,
        ["Accounts.EndSessionsAsync"] = Administering,
        ["Accounts.LockAsync"] = Administering,
        ["Accounts.RemoveAsync"] = Administering,
        ["Accounts.ResetFactorAsync"] = Administering,
        ["Accounts.UnlockAsync"] = Administering,
        ["ApiKeyActs.CreateAsync"] = Administering,
        ["ApiKeyActs.RevokeAsync"] = Administering,
        ["ApiKeyActs.RotateAsync"] = Administering,
        ["AuditExport.NoteAsync"] = ReadingTheTrail,
        ["AuditExport.WriteAsync"] = ReadingTheTrail,
        ["BlockedNumbers.BlockAsync"] = Operating,
        ["BlockedNumbers.FreeAsync"] = Operating,
        ["ChainCheck.VerifyAsync"] = ReadingTheTrail,
        ["ErrorActs.ReopenAsync"] = Operating,
        ["ErrorActs.ResolveAsync"] = Operating,
        ["ErrorActs.ResolveKindAsync"] = Operating,
        ["HandTexts.ResendAsync"] = Operating,
        ["HandTexts.SendAsync"] = Operating,
        ["Handset.TextAsync"] = Operating,
        ["HandsetFaults.SwitchAsync"] = Operating,
        ["Holds.HoldPersonAsync"] = Operating,
        ["Holds.LiftAsync"] = Operating,
        ["Holds.PlaceAsync"] = Operating,
        ["Invitations.MakeAsync"] = Administering,
        ["Invitations.TakeBackAsync"] = Administering,
        ["JobActs.DisableAsync"] = Administering,
        ["JobActs.EnableAsync"] = Administering,
        ["JobActs.RunAsync"] = Administering,
        ["MessageMarks.ClearAsync"] = Operating,
        ["MessageMarks.MarkAsync"] = Operating,
        ["OperatorPasswords.ChangeAsync"] = Own,
        ["OwnAccount.DemandAsync"] = Own,
        ["OwnAccount.EndAllAsync"] = Own,
        ["OwnAccount.EndAsync"] = Own,
        ["OwnAccount.ReadAsync"] = Own,
        ["Passkeys.AddAsync"] = Own,
        ["Passkeys.RemoveAsync"] = Own,
        ["Passkeys.RenameAsync"] = Own,
        ["PauseSchedules.AddAsync"] = Operating,
        ["PauseSchedules.ChangeAsync"] = Operating,
        ["PauseSchedules.RemoveAsync"] = Operating,
        ["PauseSchedules.SwitchAsync"] = Operating,
        ["PeopleActs.ChangeAllAsync"] = Operating,
        ["PeopleActs.ChangeAsync"] = Operating,
        ["PeopleActs.ChangeBackAsync"] = Operating,
        ["PeopleActs.ChangeOneAsync"] = Operating,
        ["PeopleActs.UndoAllAsync"] = Operating,
        ["PeopleActs.UndoAsync"] = Operating,
        ["PersonActs.SavePreferencesAsync"] = Operating,
        ["PersonActs.SetBillingIdAsync"] = Administering,
        ["PersonActs.TagAsync"] = Operating,
        ["PersonContacts.ChangeAsync"] = Administering,
        ["PersonContacts.RevealAsync"] = Administering,
        ["PersonNotes.AddAsync"] = Operating,
        ["PersonNotes.ChangeAsync"] = Operating,
        ["PersonNotes.ReadAsync"] = Readers,
        ["PersonNotes.RemoveAsync"] = Operating,
        ["PhoneBook.AddAsync"] = Operating,
        ["SavedViews.RemoveAsync"] = Anybody,
        ["SavedViews.SaveAsync"] = Operating, // shared; the own ones are anybody's
        ["SecondFactors.ProposeAsync"] = Own,
        ["SecondFactors.RenewCodesAsync"] = Own,
        ["SecondFactors.StepUpAsync"] = Own,
        ["SecondFactors.StepUpByPasskeyAsync"] = Own,
        ["SecondFactors.TurnOffAsync"] = Own,
        ["SecondFactors.TurnOnAsync"] = Own,
        ["SettingActs.ChangeAsync"] = Administering,
        ["Shortener.ShortenAsync"] = Operating,
        ["StopSwitches.ExplainAsync"] = Operating,
        ["StopSwitches.PauseAsync"] = Operating,
        ["StopSwitches.ResumeAsync"] = Administering,
        ["StopSwitches.StopAllAsync"] = Operating,
        ["StopSwitches.StopModelAsync"] = Operating,
        ["StopUndo.ChangeBackAsync"] = Operating,
        ["StoryReplay.ReplayAsync"] = Operating,
        ["TakeOvers.DismissAsync"] = Operating,
        ["TakeOvers.GiveBackAsync"] = Operating,
        ["TakeOvers.TakeAsync"] = Operating,
        ["Tiers.AddAsync"] = Administering,
        ["Tiers.ChangeAsync"] = Administering,
        ["Tiers.RemoveAsync"] = Administering,
    };

    private static IEnumerable<(string Name, MethodInfo Method)> All =>
        from type in typeof(Actor).Assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where type != typeof(Actor) && !method.IsSpecialName && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Actor))
        select ($"{type.Name}.{method.Name}", method);

    [Fact]
    public void Every_command_is_in_the_table_and_the_other_way_round() => All.Select(command => command.Name).Distinct().ShouldBe(Commands.Keys, ignoreOrder: true);

    [Fact]
    public async Task Whoever_lacks_the_right_is_refused_by_the_command_itself_and_nothing_happens()
    {
        var actors = await ActorsAsync();
        var (prefix, victim) = ((await host.KeyAsync(OperatorRoles.Viewer)).Prefix, await OperatorAsync(OperatorRoles.Viewer));
        await using var scope = host.Services.CreateAsyncScope();
        var flips = await host.Database.ScalarAsync<long>("select count(*) from control_flips");
        List<string> wrong = [];
        var calls = 0;

        foreach (var (name, method) in All.Where(command => Commands[command.Name] != Own))
        {
            foreach (var actor in actors.Where(actor => !Commands[name].Split(' ').Contains(actor.Role)))
            {
                calls++;
                var made = new Made(actor, prefix, victim);
                if (await CallAsync(scope.ServiceProvider, method, made) is not UnauthorizedAccessException and var came)
                    wrong.Add($"{name} by {(actor.Role.Length == 0 ? "nobody" : actor.Role)}: {came?.GetType().Name ?? "done"}");
            }
        }

        wrong.ShouldBeEmpty();
        calls.ShouldBeGreaterThan(150);
        (await host.Database.ListAsync<string>("select action from audit where actor = any($1) and action <> 'access.denied'", (object)actors.Select(actor => actor.Name).ToArray()))
            .ShouldBeEmpty();
        (await host.Database.ScalarAsync<long>("select count(*) from control_flips")).ShouldBe(flips);
    }

    [Fact]
    public async Task Least_role_the_table_names_is_let_in()
    {
        var actors = await ActorsAsync();
        var (prefix, victim) = ((await host.KeyAsync(OperatorRoles.Viewer)).Prefix, await OperatorAsync(OperatorRoles.Viewer));
        await using var scope = host.Services.CreateAsyncScope();
        List<string> refused = [];

        foreach (var (name, method) in All.Where(command => Commands[command.Name] != Own))
        {
            var least = actors.Single(actor => actor.Role == Commands[name].Split(' ')[0]);
            if (await CallAsync(scope.ServiceProvider, method, new Made(least, prefix, victim)) is UnauthorizedAccessException)
                refused.Add($"{name} by {least.Role}");
        }

        refused.ShouldBeEmpty();
    }

    private async Task<List<Actor>> ActorsAsync()
    {
        List<Actor> actors = [];
        foreach (var role in OperatorRoles.FromMightiest.Append(""))
        {
            var (id, session) = (await OperatorAsync(role), Guid.NewGuid().ToString());
            await host.Services.GetRequiredService<OperatorSessions>().OpenAsync(
                new(session, id, IPAddress.Loopback, "test", HasShownFactor: true, MustEnrol: false), CancellationToken.None);
            actors.Add(new Actor("acting " + session, id, role, IPAddress.Loopback, session));
        }

        return actors;
    }

    private async Task<long> OperatorAsync(string role)
    {
        var id = await host.Database.ScalarAsync<long>("insert into operators (user_name) values (gen_random_uuid()::text) returning id");
        await host.Database.ExecuteAsync("insert into operator_role_members (user_id, role_id) select $1, id from operator_roles where name = $2", id, role);
        return id;
    }

    private static async Task<Exception?> CallAsync(IServiceProvider services, MethodInfo method, Made made)
    {
        try
        {
            await (Task)method.Invoke(services.GetRequiredService(method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, [.. method.GetParameters().Select(made.Of)], null)!;
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    /// <summary>Makes arguments that lead as far into a command as they can.</summary>
    private sealed record Made(Actor Actor, string Prefix, long Account)
    {
        public object? Of(ParameterInfo parameter) => parameter.Name switch
        {
            "account" => Account,
            "prefix" => Prefix,
            "what" => "kill",
            "role" or "Role" or "To" or "From" when parameter.ParameterType == typeof(string) => OperatorRoles.Viewer,
            _ => Of(parameter.ParameterType),
        };

        private object? Of(Type type) => type switch
        {
            _ when type == typeof(Actor) => Actor,
            _ when type == typeof(CancellationToken) => CancellationToken.None,
            _ when type == typeof(string) => "test",
            _ when type == typeof(long) => 1L,
            _ when type == typeof(bool) => true,
            _ when type == typeof(TimeSpan) => TimeSpan.FromDays(1),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UtcNow.AddHours(1),
            _ when type == typeof(PhoneNumber) => PhoneNumber.Parse("+14155550123"),
            _ when type == typeof(TestNumber) => TestNumber.TryParse("0111", out var number) ? number : throw new InvalidOperationException(),
            _ when type == typeof(Stream) => Stream.Null,
            _ when type == typeof(IProgress<long>) => new Progress<long>(),
            _ when Nullable.GetUnderlyingType(type) is not null => null,
            { IsArray: true } => ArrayOf(type.GetElementType()!),
            { IsGenericType: true, IsInterface: true } => ArrayOf(type.GenericTypeArguments[0]),
            { IsValueType: true } => Activator.CreateInstance(type),
            { IsAbstract: true } => Of(type.GetNestedTypes().First(kind => kind.IsSubclassOf(type))),
            _ => type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)! is var fullest ? fullest.Invoke([.. fullest.GetParameters().Select(Of)]) : null,
        };

        private Array ArrayOf(Type element)
        {
            var one = Array.CreateInstance(element, 1);
            one.SetValue(Of(element), 0);
            return one;
        }
    }
}
