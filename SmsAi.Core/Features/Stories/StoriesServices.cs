using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.Stories;

/// <summary>Registers the readers behind the Messages list and the page of one message.</summary>
public static class StoriesServices
{
    public static IServiceCollection AddStories(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton<MessageBodies>();
        services.AddSingleton<StoryReader>().AddSingleton<StoryNeighbours>().AddSingleton<StoryReplay>().AddSingleton<MessageMarks>().AddSingleton<MessageList>();
        return services;
    }
}
