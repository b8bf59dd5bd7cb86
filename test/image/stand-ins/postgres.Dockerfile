# Stands in for the official image of PostgreSQL.
ARG BASE
FROM ${BASE}
RUN apt-get update --quiet \
  && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends postgresql \
  && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ \
  && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/* /etc/postgresql/*
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
ENV PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
