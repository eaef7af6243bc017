using Microsoft.Extensions.Configuration;
using Npgsql;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Tests.Platform.Configuration;

/// <summary>The documents' environment names stand for the real keys, and never win over them.</summary>
public sealed class SettingAliasesTests
{
    static ConfigurationManager With(Dictionary<string, string?> settings, Dictionary<string, string> environment)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        SettingAliases.AddAliases(configuration, name => environment.GetValueOrDefault(name));
        return configuration;
    }

    [Theory]
    [InlineData("TWILIO_ACCOUNT_SID", "Twilio:AccountSid")]
    [InlineData("TWILIO_AUTH_TOKEN", "Twilio:AuthToken")]
    [InlineData("TWILIO_PHONE_NUMBER", "Twilio:FromNumber")]
    [InlineData("OPENAI_API_KEY", "OpenAI:ApiKey")]
    [InlineData("OPENAI_MAX_TOKENS", "OpenAI:MaxTokens")]
    [InlineData("OPENAI_TEMPERATURE", "OpenAI:Temperature")]
    [InlineData("DATABASE_URL", "ConnectionStrings:Postgres")]
    [InlineData("REDIS_URL", "ConnectionStrings:Redis")]
    [InlineData("ENCRYPTION_KEY", "Privacy:EncryptionKey")]
    [InlineData("PHONE_HASH_SALT", "Privacy:PhoneHashKey")]
    public void Name_stands_for_its_key(string name, string key)
    {
        With([], new() { [name] = "given" })[key].ShouldBe("given");
        With(new() { [key] = "real" }, new() { [name] = "given" })[key].ShouldBe("real");
        With(new() { [key] = "" }, new() { [name] = "given" })[key].ShouldBe("given", "an empty key, as in a copied example file, is no setting");
    }

    [Fact]
    public void Parts_make_one_address()
    {
        var configuration = With([], new()
        {
            ["DB_HOST"] = "database",
            ["DB_PORT"] = "6543",
            ["DB_NAME"] = "sms_agent_db",
            ["DB_USER"] = "sms_agent",
            ["DB_PASSWORD"] = "p;w=\"1",
        });
        var address = PostgresAddress.Parse(PostgresAddress.Of(configuration)!);
        (address.Host, address.Port, address.Database, address.Username, address.Password)
            .ShouldBe(("database", 6543, "sms_agent_db", "sms_agent", "p;w=\"1"));
    }

    [Fact]
    public void Url_wins_over_parts()
    {
        var configuration = With([], new() { ["DATABASE_URL"] = "postgres://a/b", ["DB_HOST"] = "other" });
        configuration["ConnectionStrings:Postgres"].ShouldBe("postgres://a/b");
        SettingAliases.UsedFor(configuration, "ConnectionStrings:Postgres").ShouldBe("DATABASE_URL");
    }

    [Fact]
    public void Parts_with_a_port_that_is_none_are_a_fault_not_a_crash() =>
        PostgresAddress.FaultOf(With([], new() { ["DB_HOST"] = "h", ["DB_PORT"] = "abc" })["ConnectionStrings:Postgres"]!).ShouldNotBeNull();

    [Theory]
    [InlineData("postgres://ann:s%3Acret@db.example:6000/sms?sslmode=verify-full", "db.example", 6000, "sms", "ann", "s:cret", SslMode.VerifyFull)]
    [InlineData("postgresql://ann@db.example/sms", "db.example", 5432, "sms", "ann", null, SslMode.Prefer)]
    [InlineData("Host=db;Database=sms;Username=ann;Password=x;Include Error Detail=true", "db", 5432, "sms", "ann", "x", SslMode.Prefer)]
    public void Database_address_is_read(string text, string host, int port, string database, string user, string? password, SslMode ssl)
    {
        var address = PostgresAddress.Parse(text);
        (address.Host, address.Port, address.Database, address.Username, address.Password, address.SslMode, address.IncludeErrorDetail)
            .ShouldBe((host, port, database, user, password, ssl, false));
    }

    [Theory]
    [InlineData("nonsense hunter2hunter2")]
    [InlineData("postgres://:hunter2hunter2@/x")]
    [InlineData("Host=h;Port=99999999;Password=hunter2hunter2")]
    [InlineData("Username=ann;Password=hunter2hunter2")]
    [InlineData("postgres://a:hunter2hunter2@b/c?nonsense=1")]
    [InlineData("postgres://a:hunter2hunter2@b/c?sslmode=maybe")]
    public void Wrong_address_is_a_fault_that_repeats_nothing(string text) =>
        PostgresAddress.FaultOf(text).ShouldNotBeNull().ShouldNotContain("hunter2");

    [Fact]
    public void Redis_url_is_taken() =>
        RedisAddress.Of(With([], new() { ["REDIS_URL"] = "redis://cache" })).ShouldBe("redis://cache");
}
