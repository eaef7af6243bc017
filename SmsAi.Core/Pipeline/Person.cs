using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline;

/// <summary>Someone who texts us, found by the keyed hash of her number; everything personal is encrypted.</summary>
public sealed class Person
{
    public long Id { get; init; }
    public required byte[] PhoneHash { get; init; }
    public short PhoneHashVersion { get; init; }
    public byte[]? PhoneCipher { get; init; }
    public string PhoneTail { get; init; } = "";
    public string? Country { get; init; }
    public required string Alias { get; init; }
    public byte[]? EmailCipher { get; set; }
    public byte[]? NameCipher { get; set; }
    public short TierId { get; set; }
    public bool IsBlocked { get; set; }
    public DateTimeOffset? MutedUntil { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public string Timezone { get; set; } = "UTC";
    public required JsonDocument Preferences { get; set; }
    public required JsonDocument PersonaConfig { get; set; }
    public required string[] Tags { get; set; }
    public string? BillingCustomerId { get; set; }
    public int Version { get; set; }

    /// <summary>The table behind a person.</summary>
    public sealed class Table : IEntityTypeConfiguration<Person>
    {
        public void Configure(EntityTypeBuilder<Person> builder)
        {
            builder.ToTable("users").HasKey(row => row.Id);
            builder.Property(row => row.Version).IsConcurrencyToken();
        }
    }
}

/// <summary>Adds the people to <see cref="SmsAiDb"/>.</summary>
public static class PersonSets
{
    extension(SmsAiDb db)
    {
        public DbSet<Person> People => db.Set<Person>();
    }
}
