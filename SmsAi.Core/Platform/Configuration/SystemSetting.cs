using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>A setting operators change while the service runs; its version refuses a change made on an old reading.</summary>
public sealed class SystemSetting
{
    public required string Key { get; init; }
    public required JsonDocument Value { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset UpdatedAt { get; set; }
    public string UpdatedBy { get; set; } = "";

    /// <summary>The table behind a setting.</summary>
    public sealed class Table : IEntityTypeConfiguration<SystemSetting>
    {
        public void Configure(EntityTypeBuilder<SystemSetting> builder)
        {
            builder.ToTable("system_config").HasKey(row => row.Key);
            builder.Property(row => row.Version).IsConcurrencyToken();
        }
    }
}

/// <summary>What a setting was before, and who changed it.</summary>
public sealed class SystemSettingChange
{
    public required string Key { get; init; }
    public int Version { get; init; }
    public JsonDocument? Value { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public required string UpdatedBy { get; init; }
    public string? Reason { get; init; }

    /// <summary>The table behind a setting's history.</summary>
    public sealed class Table : IEntityTypeConfiguration<SystemSettingChange>
    {
        public void Configure(EntityTypeBuilder<SystemSettingChange> builder) =>
            builder.ToTable("system_config_history").HasKey(row => new { row.Key, row.Version });
    }
}

/// <summary>Adds the settings to <see cref="SmsAiDb"/>.</summary>
public static class SystemSettingSets
{
    extension(SmsAiDb db)
    {
        public DbSet<SystemSetting> SystemSettings => db.Set<SystemSetting>();

        public DbSet<SystemSettingChange> SystemSettingChanges => db.Set<SystemSettingChange>();
    }
}
