using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Structure;

/// <summary>The example of all settings names every key there is, and no other, with its default and a word about it.</summary>
public sealed partial class ExampleSettingsTests
{
    private static readonly string Example = Path.Combine(Repository.Root, "appsettings.Example.json");

    // Keys that are read without a class of their own.
    private static readonly string[] Alone =
        ["urls", "KnownProxies", "AllowedHosts", PostgresAddress.Key, PostgresAddress.MigrationsKey, RedisAddress.Key, HostFolders.DataKey, HostFolders.LogsKey];

    // The program's own note, not a person's choice.
    private static readonly string[] NotForPeople = [OpenAiOptions.Section + ":IsSandbox"];

    private static IReadOnlyList<(Type Type, string Section)> Classes => [.. SettingsClasses.In([typeof(Databases).Assembly, typeof(App).Assembly])];

    [Fact]
    public void Example_names_every_key_and_no_other()
    {
        // Tiers are named by whoever runs the service; the example shows those of the first migration.
        var tiers = ((string[])["free", "premium", "enterprise"]).SelectMany(tier => ((string[])["PerMinute", "PerDay"]).Select(limit => $"{LimitsOptions.Section}:{tier}:{limit}"));
        var keys = Classes.Where(one => one.Type != typeof(LimitsOptions))
            .SelectMany(one => Settable(one.Type).Select(property => $"{one.Section}:{property.Name}"))
            .Concat(tiers).Concat(Alone).Except(NotForPeople).ToList();
        var named = NamedKeys();
        keys.Except(named).Select(key => key + " is missing").Concat(named.Except(keys).Select(key => key + " is no key")).ShouldBeEmpty();
    }

    [Fact]
    public void Values_of_the_example_are_the_defaults()
    {
        var example = new ConfigurationBuilder().AddJsonFile(Example).Build();
        var differing = new List<string>();
        foreach (var (type, section) in Classes)
        {
            var (fresh, bound) = (Activator.CreateInstance(type)!, Activator.CreateInstance(type)!);
            example.GetSection(section).Bind(bound);
            differing.AddRange(Settable(type).Where(property => property.PropertyType.IsValueType || property.PropertyType == typeof(string))
                .Where(property => !Equals(property.GetValue(fresh), property.GetValue(bound))).Select(property => $"{section}:{property.Name}"));
        }

        differing.ShouldBeEmpty();
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    /// <summary>Keys in the file, those that are commented out too.</summary>
    private static List<string> NamedKeys()
    {
        var keys = new List<string>();
        var sections = new Stack<string>();
        foreach (var line in File.ReadLines(Example))
        {
            if (Group().Match(line) is { Success: true } inLine)
                keys.AddRange(Key().Matches(inLine.Groups["inside"].Value).Select(key => string.Join(':', [.. sections.Reverse(), inLine.Groups["name"].Value, key.Groups["name"].Value])));
            else if (Opening().Match(line) is { Success: true } opening)
                sections.Push(opening.Groups["name"].Value);
            else if (line.TrimStart().StartsWith('}') && sections.Count > 0)
                sections.Pop();
            else if (Setting().Match(line) is { Success: true } setting)
                keys.Add(string.Join(':', [.. sections.Reverse(), setting.Groups["name"].Value]));
        }

        return keys;
    }

    [GeneratedRegex("""^\s*(// )?"(?<name>\w+)":\s*[^{\s]""")]
    private static partial Regex Setting();

    [GeneratedRegex("""^\s*"(?<name>\w+)":\s*\{\s*$""")]
    private static partial Regex Opening();

    [GeneratedRegex("""^\s*"(?<name>\w+)":\s*\{(?<inside>.+)\}""")]
    private static partial Regex Group();

    [GeneratedRegex("""
        "(?<name>\w+)":
        """)]
    private static partial Regex Key();
}
