using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Hosting;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Structure;

/// <summary>Rules of writing that nothing else checks.</summary>
public sealed partial class WrittenRulesTests
{
    private static readonly string[] Program = ["SmsAi.Core", "SmsAi.Web"];

    // Our own drawings and the addresses of our own fonts.
    private static readonly string[] MayWriteMarkup =
    [
        "SmsAi.Web/Platform/Ui/Icon.razor", "SmsAi.Web/Platform/Ui/HiddenText.razor", "SmsAi.Web/Platform/Ui/StateMark.razor", "SmsAi.Web/Platform/Shell/FontFaces.razor",
    ];

    // The gates' constant conditions are put together once, at start.
    private static readonly string[] MayComposeSql = ["GateSql"];

    // The start itself: without its schema there is no program.
    private static readonly Type[] MayEndTheProgram = [typeof(Schema)];

    private static readonly Assembly[] Assemblies = [typeof(Databases).Assembly, typeof(App).Assembly];

    [Fact]
    public void Every_public_type_says_in_a_sentence_what_it_is_for()
    {
        var silent = Assemblies.SelectMany(assembly =>
        {
            var said = Summaries(assembly);
            return assembly.GetExportedTypes()
                .Where(type => !type.IsNested && type.Namespace is not null && !type.IsAssignableTo(typeof(IComponent)) && type.Name != "_Imports")
                .Where(type => !IsSentence(said.GetValueOrDefault("T:" + type.FullName)))
                .Select(type => type.FullName);
        });
        silent.ShouldBeEmpty();
    }

    [Fact]
    public void No_page_writes_markup_past_the_encoder() =>
        Offenders(SourceFiles.Of([.. Program, "wwwroot-assets"], ".cs", ".razor", ".js"), Markup(), MayWriteMarkup).ShouldBeEmpty();

    [Fact]
    public void Sql_takes_what_changes_as_parameters() =>
        Assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Instructions.MethodsOf)
            .Where(method => !MayComposeSql.Contains(method.DeclaringType!.Name))
            .SelectMany(method => ComposedSql(method).Select(sql => $"{method.DeclaringType}.{method.Name}: {sql}")).ShouldBeEmpty();

    [Fact]
    public void Numbers_and_times_are_written_by_the_pieces_that_know_who_looks()
    {
        Offenders(SourceFiles.Of(["SmsAi.Web"], ".cs", ".razor").Where(file => !KnowsWhoLooks().IsMatch(file.Path)), ShapeOfItsOwn(), []).ShouldBeEmpty();
        Offenders(SourceFiles.Of(["wwwroot-assets"], ".js"), NumberOfItsOwn(), ["wwwroot-assets/js/numbers.js"]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""count.ToString("N0", CultureInfo.InvariantCulture)""")]
    [InlineData("""share.ToString("0.0", CultureInfo.CurrentCulture)""")]
    [InlineData("""at.ToString("d MMM, HH:mm", CultureInfo.InvariantCulture)""")]
    [InlineData("""$"{people:N0} people" """)]
    [InlineData("""$"until {until:HH\\:mm}" """)]
    public void Shape_of_ones_own_is_found(string written) => ShapeOfItsOwn().IsMatch(written).ShouldBeTrue();

    [Theory]
    [InlineData("""day.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)""")]
    [InlineData("""$"audit-{now:yyyyMMdd-HHmmss}.csv" """)]
    [InlineData("""width.ToString("0.#", CultureInfo.InvariantCulture)""")]
    public void Shape_that_a_program_reads_is_not(string written) => ShapeOfItsOwn().IsMatch(written).ShouldBeFalse();

    [Fact]
    public void Time_comes_from_the_injected_clock() =>
        Offenders(SourceFiles.Of(Program, ".cs", ".razor").Where(file => !RegistersTheClock().IsMatch(file.Path)), ClockOfItsOwn(), [])
            .ShouldBeEmpty();

    [Fact]
    public void Background_work_outlives_what_it_was_not_made_for() =>
        Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(BackgroundService)) && !type.IsAbstract && !MayEndTheProgram.Contains(type))
            .Where(type => !type.GetNestedTypes(BindingFlags.NonPublic).Prepend(type).SelectMany(Instructions.MethodsOf).Any(GoesOnSteadily))
            .Select(type => type.FullName).ShouldBeEmpty("An exception that leaves ExecuteAsync ends the replica: run the work by SteadyWork.RunAsync.");

    private static bool GoesOnSteadily(MethodBase method) => Instructions.Of(method)
        .Any(step => Instructions.MemberOf(method, step.Code, step.Token) is MethodInfo { Name: nameof(SteadyWork.RunAsync) } called && called.DeclaringType == typeof(SteadyWork));

    /// <summary>One place knows what a call of others must not do: follow redirects, tell of traces, wait for ever.</summary>
    [Fact]
    public void Others_are_called_by_the_clients_that_are_made_for_it() =>
        Offenders(SourceFiles.Of(Program, ".cs", ".razor"), ClientOfItsOwn(), ["SmsAi.Core/Platform/Http/OutwardHttp.cs", "SmsAi.Web/Platform/Probing/ProbeVerb.cs"]).ShouldBeEmpty();

    [Fact]
    public void Random_that_can_be_guessed_is_where_guessing_gains_nothing() =>
        Offenders(SourceFiles.Of(Program, ".cs", ".razor"), GuessableRandom(), ["SmsAi.Core/Pipeline/Queueing/Retries.cs", "SmsAi.Core/Pipeline/Intake/IntakeStatement.cs"]).ShouldBeEmpty();

    private static IEnumerable<string> Offenders(IEnumerable<(string Path, string Text)> files, Regex fault, string[] allowed) =>
        from file in files
        where !allowed.Contains(file.Path)
        from Match found in fault.Matches(file.Text)
        select $"{file.Path}:{SourceFiles.LineOf(file.Text, found.Index)} {found.Value.Trim()}";

    /// <summary>Statements that are put together while the program runs. Constants are put together by the compiler, so those are one text here.</summary>
    private static IEnumerable<string> ComposedSql(MethodBase method)
    {
        string? sql = null;
        foreach (var (code, token) in Instructions.Of(method))
        {
            if (code.OperandType == OperandType.InlineString)
                sql = method.Module.ResolveString(token) is var text && Sql().IsMatch(text) ? text : sql;
            if (sql is null || Instructions.MemberOf(method, code, token) is not MethodBase called || called.Name.StartsWith("get_", StringComparison.Ordinal))
                continue;
            if (called is { Name: nameof(string.Concat) or nameof(string.Format) or nameof(string.Replace) or nameof(string.Join) or "AppendLiteral" })
                yield return sql;
            sql = null;
        }
    }

    private static Dictionary<string, string> Summaries(Assembly assembly) =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Blanks().Replace(member.Element("summary")!.Value, " ").Trim());

    private static bool IsSentence(string? summary) => summary is { Length: > 10 } && summary[^1] is '.' or '?' or ')';

    [GeneratedRegex(@"\bMarkupString\b|\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b|\bAddMarkupContent\b")]
    private static partial Regex Markup();

    [GeneratedRegex(@"^\s*(select|insert\s+into|update|delete\s+from|with\s+\w+\s+as|create|alter|drop|truncate|copy|notify|listen)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    [GeneratedRegex(@"/Platform/|Services\.cs$|/Program\.cs$")]
    private static partial Regex RegistersTheClock();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bTimeProvider\.System\b|\bnew Stopwatch\b")]
    private static partial Regex ClockOfItsOwn();

    // The pieces themselves, what programs read, and the carrier that the sandbox plays.
    [GeneratedRegex(@"/Platform/(Ui|Api|Starting|Probing)/|/Features/Sandbox/|Api\.cs$")]
    private static partial Regex KnowsWhoLooks();

    [GeneratedRegex("""
        "(N[0-9]?|#,#[^"]*|0\.0+#*|(?!yyyy)[^"]*(HH|MMM)[^"]*)"\s*,\s*CultureInfo|\{[^{}"\n]*:(?!yyyy)(N[0-9]?|#,#[^}\n]*|[^}{"\n]*(HH|MMM)[^}{"\n]*)\}|\.To(Short|Long)(Date|Time)String\(
        """)]
    private static partial Regex ShapeOfItsOwn();

    [GeneratedRegex(@"\.toLocale\w*String\(|\.toFixed\(")]
    private static partial Regex NumberOfItsOwn();

    [GeneratedRegex(@"\bnew (HttpClient|SocketsHttpHandler|HttpClientHandler)\b|\bAddHttpClient\b|\bHttpWebRequest\b|\bHttp(Client|MessageInvoker) \w+ = new\(")]
    private static partial Regex ClientOfItsOwn();

    [GeneratedRegex(@"\bRandom\.Shared\b|\bnew Random\b|\bRandom \w+ = new\(")]
    private static partial Regex GuessableRandom();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
