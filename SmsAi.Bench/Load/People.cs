namespace SmsAi.Bench.Load;

/// <summary>Whose numbers begin where, so that no two crowds meet.</summary>
public static class People
{
    public const long OfWarmUp = 12_132_000_000;
    public const long OfRounds = 14_152_000_000;
    public const long OfDoor = 15_182_000_000;
    public const long Seeded = 16_172_000_000;
}
