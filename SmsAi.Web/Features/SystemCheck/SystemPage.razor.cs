using System.Globalization;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>The health of everything, on one page, renewed by itself.</summary>
public sealed partial class SystemPage
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Inject] public required SystemModel Model { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private string? Down => Model.Now!.Services.Where(service => service.State == ServiceState.Down).Select(service => SystemWords.Service(service.Name)).ToList() is { Count: > 0 } down
        ? $"{string.Join(", ", down)} down"
        : null;

    private string? Gone => Model.Now!.Replicas.Count(replica => replica.IsMissedAt(Model.Now.At)) is > 0 and var gone
        ? string.Create(CultureInfo.InvariantCulture, $"{gone} went without a word")
        : null;

    private bool IsFull => Model.FullestDisk is { DiskFreeBytes: { } free, DiskBytes: { } all } && free < all / 10;

    private string? DiskDetail => Model.FullestDisk is { DiskBytes: { } all } ? $"of {SizeText.Of(all)}, the fullest" : null;

    protected override void OnInitialized() => Watch(FollowAsync);

    private static bool IsLong(DatabaseView database) => database.OldestTransaction > Long;

    private async Task FollowAsync(CancellationToken leaving)
    {
        using var timer = new PeriodicTimer(Every, Time);
        do
        {
            await ReadAsync(Model.LoadAsync);
            StateHasChanged();
        }
        while (await timer.WaitForNextTickAsync(leaving));
    }
}
