using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Tests.Platform.Configuration;

/// <summary>Wrong settings are told all at once, each by its key, and never by its value.</summary>
public sealed class SettingsCheckTests
{
    /// <summary>A settings class as slices have them.</summary>
    public sealed class GreenhouseOptions
    {
        public const string Section = "Greenhouse";

        [Range(1, 9)]
        public int Windows { get; set; } = 3;

        public bool Heated { get; set; }
        public TimeSpan Watering { get; set; }
        public double? Slope { get; set; }
        public string Owner { get; set; } = "nobody";
        public SoilOptions Soil { get; set; } = new();
    }

    /// <summary>Settings inside settings.</summary>
    public sealed class SoilOptions
    {
        public int Depth { get; set; }
    }

    sealed class OwnerIsNamed : IValidateOptions<GreenhouseOptions>
    {
        public ValidateOptionsResult Validate(string? name, GreenhouseOptions options) =>
            options.Owner == "" ? ValidateOptionsResult.Fail("Greenhouse:Owner names nobody.") : ValidateOptionsResult.Success;
    }

    static (bool Passes, string Words) Check(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        SettingAliases.AddAliases(configuration, name => name == "REDIS_URL" ? "redis://:hunter2hunter2@/" : null);
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Production" });
        services.AddLogging().AddDatabase(configuration).AddRedis(configuration);
        services.AddOptions<GreenhouseOptions>().Bind(configuration.GetSection("Greenhouse")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GreenhouseOptions>, OwnerIsNamed>();
        using var provider = services.BuildServiceProvider();
        var words = new StringWriter();
        return (SettingsCheck.Passes(provider, words, typeof(SettingsCheckTests).Assembly), words.ToString());
    }

    static readonly (string, string)[] Well =
        [("ConnectionStrings:Postgres", "Host=h;Database=d"), ("ConnectionStrings:Redis", "h:6379"), .. KeysThatFit()];

    /// <summary>What other slices insist on.</summary>
    static IEnumerable<(string, string)> KeysThatFit() =>
    [
        ("Privacy:PhoneHashKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("Privacy:EncryptionKey", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="),
    ];

    [Fact]
    public void Right_settings_pass_silently() => Check(Well).ShouldBe((true, ""));

    [Fact]
    public void A_value_that_cant_be_read_hides_no_other_fault() =>
        Check([.. Well, ("Greenhouse:Heated", "rather"), ("Greenhouse:Windows", "10"), ("Greenhouse:Owner", "")]).Words.ShouldSatisfyAllConditions(
            words => words.ShouldContain("Greenhouse:Heated is not true or false."),
            words => words.ShouldContain("Greenhouse:Windows: "),
            words => words.ShouldContain("Greenhouse:Owner names nobody."));

    [Fact]
    public void Every_fault_is_told_at_once_by_its_key()
    {
        var (passes, words) = Check(
            ("ConnectionStrings:Postgres", "gibberish hunter2hunter2"),
            ("ConnectionStrings:Migrations", "Host=h;Port=none"),
            ("Greenhouse:Windows", "10"),
            ("Greenhouse:Owner", ""),
            ("Redis:TimeoutMilliseconds", "soon"),
            ("Redis:FailuresToOpen", "0"),
            ("Database:MigrateOnStart", "perhaps"));
        passes.ShouldBeFalse();
        words.ShouldContain("ConnectionStrings:Postgres is neither a connection string");
        words.ShouldContain("ConnectionStrings:Migrations is neither a connection string");
        words.ShouldContain("ConnectionStrings:Redis is neither host:port[,password=…] nor a redis:// URL. (given as REDIS_URL)");
        words.ShouldContain("Greenhouse:Windows: The field Windows must be between 1 and 9.");
        words.ShouldContain("Greenhouse:Owner names nobody.");
        words.ShouldContain("Redis:TimeoutMilliseconds is not a whole number.");
        words.ShouldContain("Redis:FailuresToOpen: The field FailuresToOpen must be between 1 and 100.");
        words.ShouldContain("Database:MigrateOnStart is not true or false.");
        words.ShouldNotContain("hunter2");
        words.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + 8, words);
    }

    [Fact]
    public void Unreadable_values_name_what_they_should_be()
    {
        var (_, words) = Check([.. Well, ("Greenhouse:Heated", "warm"), ("Greenhouse:Watering", "often"), ("Greenhouse:Slope", "steep"), ("Greenhouse:Soil:Depth", "deep")]);
        words.ShouldContain("Greenhouse:Heated is not true or false.");
        words.ShouldContain("Greenhouse:Watering is not a duration, such as 00:15:00.");
        words.ShouldContain("Greenhouse:Slope is not a number, such as 0.7.");
        words.ShouldContain("Greenhouse:Soil:Depth is not a whole number.");
    }

    [Fact]
    public void Missing_database_is_a_fault() =>
        Check([.. Well.Where(setting => setting.Item1 != "ConnectionStrings:Postgres")]).Words.ShouldContain("ConnectionStrings:Postgres is not set");

    [Theory]
    [InlineData(null, null, "/app/logs")]
    [InlineData(null, "/var/lib/smsai/data", "/var/lib/smsai/logs")]
    [InlineData("elsewhere", "/var/lib/smsai/data", "/app/elsewhere")]
    [InlineData("/var/log/smsai", null, "/var/log/smsai")]
    public void Logs_go_next_to_the_data(string? logs, string? data, string folder)
    {
        var configuration = new ConfigurationManager { ["Logs:Folder"] = logs, ["Data:Folder"] = data };
        HostFolders.Logs(configuration, "/app").ShouldBe(folder);
    }
}
